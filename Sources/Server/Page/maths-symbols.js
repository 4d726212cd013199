// TeX names and the characters they stand for.

const table = (text) => Object.fromEntries(text.trim().split(/\s+/).map((pair) => pair.split(":")));

/** Letters and letter-like signs: set as identifiers. */
export const letters = table(`
  alpha:α beta:β gamma:γ delta:δ epsilon:ϵ varepsilon:ε zeta:ζ eta:η theta:θ vartheta:ϑ iota:ι kappa:κ lambda:λ
  mu:μ nu:ν xi:ξ omicron:ο pi:π varpi:ϖ rho:ρ varrho:ϱ sigma:σ varsigma:ς tau:τ upsilon:υ phi:ϕ varphi:φ chi:χ
  psi:ψ omega:ω Gamma:Γ Delta:Δ Theta:Θ Lambda:Λ Xi:Ξ Pi:Π Sigma:Σ Upsilon:Υ Phi:Φ Psi:Ψ Omega:Ω
  infty:∞ partial:∂ nabla:∇ hbar:ℏ ell:ℓ Re:ℜ Im:ℑ wp:℘ aleph:ℵ emptyset:∅ varnothing:∅ imath:ı jmath:ȷ
  angle:∠ triangle:△ square:□ Box:□ blacksquare:■ diamond:⋄ star:⋆ top:⊤ bot:⊥ degree:° checkmark:✓ S:§ P:¶
  ldots:… dots:… dotsc:… cdots:⋯ dotsb:⋯ vdots:⋮ ddots:⋱ prime:′ clubsuit:♣ heartsuit:♥ spadesuit:♠ pounds:£
`);

/** Operators and relations. */
export const operators = table(`
  times:× div:÷ cdot:⋅ pm:± mp:∓ ast:∗ circ:∘ bullet:∙ oplus:⊕ ominus:⊖ otimes:⊗ oslash:⊘ odot:⊙ wedge:∧ land:∧
  vee:∨ lor:∨ neg:¬ lnot:¬ cap:∩ cup:∪ setminus:∖ sqcup:⊔ sqcap:⊓ uplus:⊎ dagger:† ddagger:‡ wr:≀ amalg:⨿
  le:≤ leq:≤ leqslant:⩽ ge:≥ geq:≥ geqslant:⩾ ne:≠ neq:≠ ll:≪ gg:≫ approx:≈ equiv:≡ cong:≅ sim:∼ simeq:≃
  propto:∝ asymp:≍ doteq:≐ prec:≺ succ:≻ preceq:⪯ succeq:⪰ perp:⊥ parallel:∥ mid:∣ nmid:∤ nparallel:∦ models:⊨
  vdash:⊢ dashv:⊣ in:∈ notin:∉ ni:∋ subset:⊂ supset:⊃ subseteq:⊆ supseteq:⊇ subsetneq:⊊ supsetneq:⊋ nsubseteq:⊈
  forall:∀ exists:∃ nexists:∄ therefore:∴ because:∵ to:→ rightarrow:→ leftarrow:← gets:← leftrightarrow:↔
  Rightarrow:⇒ Leftarrow:⇐ Leftrightarrow:⇔ implies:⟹ impliedby:⟸ iff:⟺ longrightarrow:⟶ longleftarrow:⟵
  Longrightarrow:⟹ Longleftarrow:⟸ Longleftrightarrow:⟺ longleftrightarrow:⟷ mapsto:↦ longmapsto:⟼ uparrow:↑
  downarrow:↓ updownarrow:↕ Uparrow:⇑ Downarrow:⇓ nearrow:↗ searrow:↘ nwarrow:↖ swarrow:↙ hookrightarrow:↪
  hookleftarrow:↩ rightharpoonup:⇀ leftharpoonup:↼ rightleftharpoons:⇌ leadsto:⇝ colon:: coloneqq:≔ triangleq:≜
  lhd:⊲ rhd:⊳ bowtie:⋈ smile:⌣ frown:⌢ lt:< gt:> And:& surd:√ gtrsim:≳ lesssim:≲
`);

/** Large operators; in display their limits stand above and below, those of integrals beside. */
export const large = table(`
  sum:∑ prod:∏ coprod:∐ bigcup:⋃ bigcap:⋂ bigvee:⋁ bigwedge:⋀ bigoplus:⨁ bigotimes:⨂ bigodot:⨀ bigsqcup:⨆ biguplus:⨄
`);
export const integrals = table("int:∫ iint:∬ iiint:∭ oint:∮ oiint:∯");

export const functions = new Set((
  "sin cos tan cot sec csc arcsin arccos arctan sinh cosh tanh coth log ln lg exp det dim ker deg gcd lcm hom arg "
  + "rank tr"
).split(" "));

/** Functions whose subscript stands below in display. */
export const limitFunctions = {
  lim: "lim", max: "max", min: "min", sup: "sup", inf: "inf", limsup: "lim sup", liminf: "lim inf", argmax: "arg max",
  argmin: "arg min", Pr: "Pr",
};

export const delimiters = {
  "\\{": "{", "\\}": "}", "\\lbrace": "{", "\\rbrace": "}", "\\langle": "⟨", "\\rangle": "⟩", "\\lfloor": "⌊",
  "\\rfloor": "⌋", "\\lceil": "⌈", "\\rceil": "⌉", "\\|": "‖", "\\vert": "|", "\\Vert": "‖", "\\lvert": "|",
  "\\rvert": "|", "\\lVert": "‖", "\\rVert": "‖", "\\backslash": "\\", "\\lbrack": "[", "\\rbrack": "]",
  "\\uparrow": "↑", "\\downarrow": "↓", "<": "⟨", ">": "⟩",
};

/** Marks above or below: the character, whether it stretches, and whether it goes below. */
export const accents = {
  hat: ["^"], widehat: ["^", true], bar: ["¯"], overline: ["¯", true], vec: ["→"], dot: ["˙"], ddot: ["¨"],
  dddot: ["⃛"], tilde: ["~"], widetilde: ["~", true], check: ["ˇ"], breve: ["˘"], acute: ["´"], grave: ["`"],
  mathring: ["˚"], overrightarrow: ["→", true], overleftarrow: ["←", true], overbrace: ["⏞", true],
  underline: ["_", true, true], underbrace: ["⏟", true, true], underrightarrow: ["→", true, true],
};

/** Widths of spaces in em. */
export const spaces = {
  ",": 0.167, ":": 0.222, ">": 0.222, ";": 0.278, "!": -0.167, " ": 0.25, quad: 1, qquad: 2, enspace: 0.5,
  thinspace: 0.167, medspace: 0.222, thickspace: 0.278, negthinspace: -0.167, enskip: 0.5,
};

/** Where each alphabet begins in Unicode: capitals, small letters, digits; and the letters that stand elsewhere. */
export const alphabets = {
  mathbb: [0x1d538, 0x1d552, 0x1d7d8, table("C:ℂ H:ℍ N:ℕ P:ℙ Q:ℚ R:ℝ Z:ℤ")],
  mathcal: [0x1d49c, 0x1d4b6, null, table("B:ℬ E:ℰ F:ℱ H:ℋ I:ℐ L:ℒ M:ℳ R:ℛ e:ℯ g:ℊ o:ℴ")],
  mathfrak: [0x1d504, 0x1d51e, null, table("C:ℭ H:ℌ I:ℑ R:ℜ Z:ℨ")],
};
alphabets.mathscr = alphabets.mathcal;
alphabets.Bbb = alphabets.mathbb;
