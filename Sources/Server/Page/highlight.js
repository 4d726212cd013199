// Colours for code: comments, strings, numbers, keywords and calls, told apart by rules that hold for most languages.

const charactersMax = 20_000;

const words = (text) => new Set(text.split(" "));
const common = "if else for while do break continue return switch case default try catch finally throw new in of "
  + "class struct enum interface extends implements import export from as public private protected static const let "
  + "var function func fn def async await yield this self super true false null nil None True False void int float "
  + "double bool char long string typeof instanceof with package namespace using where guard defer match impl trait "
  + "mut pub use mod crate loop type elif except raise lambda pass and or not is global nonlocal del assert final "
  + "abstract override protocol extension init throws go chan select range map unsigned template typename auto";
const shell = "if then else elif fi for in do done while until case esac function return export local echo cd sudo "
  + "set exit";
const sql = "select from where and or not insert into values update set delete create table index view drop alter join "
  + "left right inner outer on group by order having limit offset as distinct union all null primary key foreign "
  + "references integer text real default check case when then else end begin commit count sum avg min max";

/** Comment openers and keywords by family. */
const families = {
  code: { comment: String.raw`\/\/[^\n]*|\/\*[^]*?(?:\*\/|$)`, keywords: words(common) },
  hash: { comment: String.raw`#[^\n]*`, keywords: words(common) },
  shell: { comment: String.raw`(?<![^\s;])#[^\n]*`, keywords: words(shell) },
  sql: { comment: String.raw`--[^\n]*|\/\*[^]*?(?:\*\/|$)`, keywords: words(sql), ignoresCase: true },
  data: { comment: String.raw`\/\/[^\n]*`, keywords: words("true false null") },
  config: { comment: String.raw`#[^\n]*|;[^\n]*`, keywords: words("true false null yes no on off") },
  markup: { comment: String.raw`<!--[^]*?(?:-->|$)|<\/?[a-zA-Z][\w:-]*|\/?>`, keywords: new Set(), isMarkup: true },
};
const familyOf = {
  python: "hash", py: "hash", ruby: "hash", rb: "hash", r: "hash", julia: "hash", perl: "hash",
  sh: "shell", bash: "shell", shell: "shell", zsh: "shell", console: "shell", dockerfile: "shell", makefile: "shell",
  sql: "sql", json: "data", jsonc: "data", yaml: "config", yml: "config", toml: "config", ini: "config",
  html: "markup", xml: "markup", svg: "markup", vue: "markup", text: null, txt: null, plaintext: null, "": null,
  markdown: null, md: null, diff: null, csv: null,
};

const strings = String.raw`"""[^]*?(?:"""|$)|'''[^]*?(?:'''|$)|"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'|`
  + "`(?:\\\\.|[^`\\\\])*`";
const numbers = String.raw`\b(?:0[xXbBoO][\da-fA-F_]+|\d[\d_]*(?:\.\d+)?(?:[eE][+-]?\d+)?)\b`;
const names = String.raw`[A-Za-z_$@][\w$]*`;

/**
 * @param {string} code
 * @param {string} language
 * @returns {[kind: ""|"comment"|"string"|"number"|"keyword"|"call", text: string][]} together the whole code
 */
export function highlight(code, language) {
  const name = familyOf[language.toLowerCase()] === undefined ? "code" : familyOf[language.toLowerCase()];
  if (!name || code.length > charactersMax) return [["", code]];
  const { comment, keywords, ignoresCase, isMarkup } = families[name];
  const pattern = new RegExp(`(${comment})|(${strings})|(${numbers})|(${names})`, "g");
  const pieces = [];
  let end = 0;
  for (const found of code.matchAll(pattern)) {
    const isCall = code[found.index + found[0].length] === "(";
    const kind = kindOf(found, keywords, ignoresCase, isMarkup) || (found[4] && isCall && !isMarkup ? "call" : "");
    if (!kind) continue;
    if (found.index > end) pieces.push(["", code.slice(end, found.index)]);
    pieces.push([kind, found[0]]);
    end = found.index + found[0].length;
  }
  if (end < code.length) pieces.push(["", code.slice(end)]);
  return pieces;
}

function kindOf([, comment, string, number, name], keywords, ignoresCase, isMarkup) {
  if (comment !== undefined) return isMarkup && !comment.startsWith("<!--") ? "keyword" : "comment";
  if (string !== undefined) return "string";
  if (number !== undefined) return "number";
  if (keywords.has(ignoresCase ? name.toLowerCase() : name)) return "keyword";
  return "";
}
