// The page's words in Chinese and English.

import { preferences } from "./preferences.js";

/** @type {Record<string, [zh: string, en: string]>} */
const strings = {
  brand: ["丹炉 Danlu", "Danlu 丹炉"],
  newChat: ["新对话", "New chat"],
  search: ["搜索对话", "Search chats"],
  searchLabel: ["搜索所有对话的标题与内容", "Search titles and messages of all chats"],
  clearSearch: ["清除搜索", "Clear the search"],
  chats: ["对话列表", "Chats"],
  noChats: ["还没有对话", "No chats yet"],
  noHits: ["没有找到“{query}”", "Nothing found for “{query}”"],
  today: ["今天", "Today"],
  yesterday: ["昨天", "Yesterday"],
  week: ["七天内", "Last 7 days"],
  earlier: ["更早", "Earlier"],
  untitled: ["未命名对话", "Untitled chat"],
  more: ["更多操作", "More"],
  rename: ["重命名", "Rename"],
  exportMarkdown: ["导出 Markdown", "Export Markdown"],
  exportJSON: ["导出 JSON", "Export JSON"],
  delete: ["删除", "Delete"],
  deleteAsk: ["删除“{title}”？", "Delete “{title}”?"],
  deleteNote: ["其中的消息与评价会一并删除，无法恢复。", "Its messages and ratings go with it. This cannot be undone."],
  cancel: ["取消", "Cancel"],
  save: ["保存", "Save"],
  close: ["关闭", "Close"],
  menu: ["打开对话列表", "Open the list of chats"],
  closeMenu: ["收起对话列表", "Close the list of chats"],
  settings: ["设置", "Settings"],
  trainingRuns: ["训练", "Training runs"],
  model: ["模型", "Model"],
  theme: ["切换明暗", "Switch dark and light"],
  language: ["Switch to English", "切换到中文"],
  languageShort: ["EN", "中"],
  welcome: ["今天想炼点什么？", "What shall we distil today?"],
  welcomeNote: ["模型在这台机器上运行，对话只存在这里。", "The model runs on this machine, and your chats stay here."],
  ask: ["输入问题", "Ask anything"],
  askHint: ["Enter 发送，Shift+Enter 换行", "Enter sends, Shift+Enter starts a new line"],
  send: ["发送", "Send"],
  stop: ["停止", "Stop"],
  disclaimer: ["模型可能出错，重要内容请核实。", "Models make mistakes. Check what matters."],
  toBottom: ["回到最新", "Jump to the latest"],
  messages: ["消息", "Messages"],
  you: ["你", "You"],
  answer: ["回答", "Answer"],
  copy: ["复制", "Copy"],
  copied: ["已复制", "Copied"],
  copyFailed: ["复制失败", "Copy failed"],
  copyCode: ["复制代码", "Copy code"],
  code: ["代码", "code"],
  table: ["表格", "Table"],
  task: ["任务", "Task"],
  picture: ["图片", "Picture"],
  edit: ["修改问题", "Edit the question"],
  editSend: ["发送修改", "Send the edit"],
  editNote: ["原来的问题与回答会保留为另一个版本。", "The old question and its answers stay as another version."],
  trace: ["查出处", "Where does this come from?"],
  traceNone: ["训练语料里没有与之逐字相同的片段。", "No part of it stands word for word in the training text."],
  traceShare: ["{share} 的回答逐字出自训练语料", "{share} of the answer stands word for word in the training text"],
  traceHint: ["点开亮起的文字，看有它的文章。", "Press a lit part to see the documents that have it."],
  traceTimes: ["{count} 次：{sources}", "{count} times: {sources}"],
  traceWashed: ["语料按 {recipe} 清洗，各篇都过了：{steps}", "Washed by {recipe}; its documents have passed: {steps}"],
  traceRules: ["清洗时离去掉它最近的规则：", "Rules that were nearest to dropping it in washing:"],
  traceAtLeast: ["{value}（至少 {limit}；限度高于 {value} 就会去掉它）", "{value} (at least {limit}; a limit above {value} drops it)"],
  traceAtMost: ["{value}（至多 {limit}；限度低于 {value} 就会去掉它）", "{value} (at most {limit}; a limit below {value} drops it)"],
  traceBeyond: ["按现在的文字已在限度之外", "beyond the limit as the text now stands"],
  traceChanges: ["清洗时改动：{changes}", "Changed by washing: {changes}"],
  regenerate: ["重新生成", "Regenerate"],
  retry: ["重试", "Try again"],
  previousVersion: ["上一个版本", "Previous version"],
  nextVersion: ["下一个版本", "Next version"],
  version: ["第 {place} 个版本，共 {count} 个", "Version {place} of {count}"],
  up: ["有帮助", "Helpful"],
  down: ["没有帮助", "Not helpful"],
  commentUp: ["哪里答得好？（可不填）", "What was good? (optional)"],
  commentDown: ["哪里不好？（可不填）", "What was wrong? (optional)"],
  sendComment: ["提交", "Submit"],
  thanks: ["谢谢，已记下", "Thanks, noted"],
  reasoning: ["思考过程", "Reasoning"],
  reasoningNow: ["正在思考…", "Thinking…"],
  waiting: ["正在阅读…", "Reading…"],
  tokens: ["{count} 词元", "{count} tokens"],
  speed: ["{rate} 词元/秒", "{rate} tokens/s"],
  firstToken: ["首字 {seconds} 秒", "first after {seconds} s"],
  usageDetail: [
    "提示 {prompt} 词元（其中 {cached} 来自缓存），回答 {completion} 词元",
    "{prompt} prompt tokens ({cached} from the cache), {completion} answer tokens"],
  stopped: ["已停止，回答不完整", "Stopped; the answer is not complete"],
  limited: ["到达长度上限，回答不完整", "Cut off at the limit of tokens"],
  interrupted: ["服务器中断，只保留了这一部分", "The server went down; this part was kept"],
  failed: ["回答没有完成", "The answer was not finished"],
  unanswered: ["这个问题还没有得到回答。", "This question has not been answered."],
  loadingOlder: ["正在载入更早的消息…", "Loading earlier messages…"],
  answerDone: ["回答完成", "The answer is complete"],
  answerStarted: ["开始回答", "Answering"],
  thisChat: ["这个对话", "This chat"],
  newChats: ["新对话的设置", "For new chats"],
  system: ["系统提示词", "System prompt"],
  systemHint: ["例如：用简洁的中文回答。", "For example: answer briefly."],
  sampling: ["采样", "Sampling"],
  samplingNote: ["留空即用默认值。", "Leave empty for the default."],
  temperature: ["温度", "Temperature"],
  temperatureNote: ["越低越稳，0 为确定；越高越多变", "Lower is steadier, 0 is fixed; higher is more varied"],
  top_p: ["Top-p", "Top-p"],
  top_pNote: ["只从累计概率达到此值的词中选", "Choose among the likeliest tokens that sum to this"],
  top_k: ["Top-k", "Top-k"],
  top_kNote: ["只从最可能的 k 个词中选，0 为不限", "Choose among the k likeliest tokens, 0 for all"],
  min_p: ["Min-p", "Min-p"],
  min_pNote: ["舍去概率低于最高者此比例的词", "Drop tokens less likely than this share of the likeliest"],
  max_tokens: ["最多词元", "Max tokens"],
  max_tokensNote: ["一个回答的长度上限", "How long an answer may be"],
  repetition_penalty: ["重复惩罚", "Repetition penalty"],
  repetition_penaltyNote: ["大于 1 时少重复，常用 1.05–1.2", "Above 1 repeats less; 1.05–1.2 is usual"],
  presence_penalty: ["存在惩罚", "Presence penalty"],
  presence_penaltyNote: ["正值鼓励新话题", "Positive values favour new topics"],
  frequency_penalty: ["频率惩罚", "Frequency penalty"],
  frequency_penaltyNote: ["正值减少高频词", "Positive values make frequent tokens rarer"],
  seed: ["随机种子", "Seed"],
  seedNote: ["相同种子给出相同回答", "The same seed gives the same answer"],
  moreSampling: ["更多采样设置", "More sampling settings"],
  useForNew: ["也用于以后的新对话", "Use for new chats too"],
  appearance: ["外观", "Appearance"],
  themeLabel: ["明暗", "Theme"],
  themeSystem: ["跟随系统", "System"],
  themeLight: ["浅色", "Light"],
  themeDark: ["深色", "Dark"],
  languageLabel: ["语言", "Language"],
  languageBrowser: ["跟随浏览器", "Browser"],
  key: ["API 密钥", "API key"],
  keyNote: ["服务器要求时才需要；只存在这个浏览器里。", "Only where the server asks for one; kept in this browser."],
  keyAsk: ["需要 API 密钥", "An API key is needed"],
  keyAskNote: [
    "这台服务器对其他机器开放，需要密钥。在服务器上运行 danlu keys create 名称 即可得到一个。",
    "This server is open to other machines and needs a key. On the server, danlu keys create NAME makes one."],
  keyWrong: ["这个密钥无效，请核对。", "This key is not valid. Check it and try again."],
  keys: ["快捷键", "Keyboard"],
  keysSearch: ["搜索", "search"],
  keysNew: ["新对话", "new chat"],
  keysStop: ["停止回答", "stop the answer"],
  keysLine: ["换行", "new line"],
  about: ["丹炉 {version}", "Danlu {version}"],
  contextLength: ["上下文 {count}", "context {count}"],
  errorNetwork: [
    "连不上服务器。请确认 danlu serve 仍在运行，然后重试。",
    "The server cannot be reached. Check that danlu serve is still running, then try again."],
  errorBusy: ["服务器正忙。请在 {seconds} 秒后重试。", "The server is busy. Try again in {seconds} seconds."],
  errorBusySoon: ["服务器正忙，请稍后重试。", "The server is busy. Try again in a moment."],
  errorDraining: ["服务器正在停机，请等它重新启动后重试。", "The server is shutting down. Try again when it is back."],
  errorContext: [
    "内容超出模型的上下文。请缩短问题，或开始新对话。",
    "This does not fit the model's context. Shorten the question or start a new chat."],
  errorTooLarge: ["内容太大，请缩短后重试。", "This is too large. Shorten it and try again."],
  errorTimeout: ["超时了。请重试，或调小“最多词元”。", "This took too long. Try again, or lower “Max tokens”."],
  errorModel: ["这个模型不可用，请换一个模型。", "This model is not available. Choose another one."],
  errorNotFound: ["找不到，可能已被删除。", "Not found. It may have been deleted."],
  errorNotSaved: ["回答没能写入磁盘，请检查服务器的磁盘空间。", "The answer could not be saved. Check the server's disk space."],
  errorKey: ["需要有效的 API 密钥，请在设置中填写。", "A valid API key is needed. Enter it in the settings."],
  errorServer: ["服务器出错，日志里有原因。请重试。", "The server failed; its log says why. Try again."],
  errorOther: ["请求没有成功：{message}", "The request failed: {message}"],
  suggestion1: ["用 Python 写一个快速排序，并解释", "Write quicksort in Python and explain it"],
  suggestion2: ["二次方程的求根公式怎么推导？", "How is the quadratic formula derived?"],
  suggestion3: ["用表格比较三种茶的特点", "Compare three kinds of tea in a table"],
  suggestion4: ["把“山高月小，水落石出”译成英文", "Translate “slow is smooth, smooth is fast” into Chinese"],
};

/** @param {Record<string, [string, string]>} more the words of another page */
export function addStrings(more) { Object.assign(strings, more); }

/** @returns {"zh"|"en"} the chosen language, or the browser's */
export function language() {
  return preferences.language ?? ((navigator.language ?? "en").toLowerCase().startsWith("zh") ? "zh" : "en");
}

/**
 * The text of a name in the present language.
 *
 * @param {keyof typeof strings} name
 * @param {Record<string, string|number>} [values] what stands for `{name}` in it
 */
export function t(name, values = {}) {
  const text = strings[name]?.[language() === "zh" ? 0 : 1] ?? name;
  return text.replace(/\{(\w+)\}/g, (whole, key) => (key in values ? String(values[key]) : whole));
}

/** Fills in marked elements: data-t is the text, data-t-label the name and tooltip, data-t-hint the placeholder. */
export function translate(root = document) {
  document.documentElement.lang = language() === "zh" ? "zh-CN" : "en";
  for (const element of root.querySelectorAll("[data-t]")) element.textContent = t(element.dataset.t);
  for (const element of root.querySelectorAll("[data-t-label]")) {
    element.setAttribute("aria-label", t(element.dataset.tLabel));
    element.setAttribute("title", t(element.dataset.tLabel));
  }
  for (const element of root.querySelectorAll("[data-t-hint]")) {
    element.setAttribute("placeholder", t(element.dataset.tHint));
  }
}
