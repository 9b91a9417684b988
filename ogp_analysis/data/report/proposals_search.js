// Search of very many proposals: an index in pieces and texts in pieces, loaded as scripts because a page that
// was opened from a disk may load nothing else. It adds text only, never markup.
const data = JSON.parse(document.getElementById("words").textContent);
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
const $ = (id) => document.getElementById(id);
const form = $("search-form"), words = $("search-words"), list = $("search-list"), more = $("search-more");
const selects = [...form.querySelectorAll("select[data-choice]")];
const digits = new Map([...data.signs].map((sign, value) => [sign, value]));
const half = data.signs.length / 2;
const waiting = new Map(), loaded = new Map();
const MOST = 80; // pieces kept in memory
const EACH = 20; // proposals listed at a time

// A piece calls this with its name and what it holds.
globalThis.ogpPiece = (name, content) => waiting.get(name)?.(content);
const load = (name) => {
  if (!loaded.has(name)) {
    loaded.set(name, new Promise((resolve, reject) => {
      const script = document.createElement("script");
      waiting.set(name, (content) => { waiting.delete(name); script.remove(); resolve(content); });
      script.onerror = () => { waiting.delete(name); loaded.delete(name); script.remove(); reject(new Error(name)); };
      script.src = `${data.folder}/${name}.js`;
      document.head.append(script);
    }));
    if (loaded.size > MOST) loaded.delete(loaded.keys().next().value);
  }
  return loaded.get(name);
};
const mark = (text, bits) => {
  let at = -1, distance = 0;
  for (const sign of text) {
    const value = digits.get(sign);
    distance = distance * half + (value % half);
    if (value < half) { at += distance; bits[at] = 1; distance = 0; }
  }
};
// Texts with a word that begins so, or with the very number; pieces are in the order of words.
const beginning = async (start) => {
  const bits = new Uint8Array(data.count);
  let first = data.pieces.findIndex((word) => word > start) - 1;
  if (first < -1) first = data.pieces.length - 1;
  const names = [];
  for (let k = Math.max(first, 0); k < data.pieces.length; k += 1) {
    if (k > first && !data.pieces[k].startsWith(start)) break;
    names.push(`words-${k}`);
  }
  const fits = /^\d+$/.test(start) ? (word) => word === start : (word) => word.startsWith(start);
  for (const piece of await Promise.all(names.map(load)))
    for (const word of Object.keys(piece)) if (fits(word)) mark(piece[word], bits);
  return bits;
};
const both = (left, right) => { for (let k = 0; k < left.length; k += 1) left[k] &= right[k]; return left; };
const typed = async (part) => {
  const pieces = part.split(/[^\p{L}\p{N}]+/u).filter(Boolean);
  if (!pieces.length) return new Uint8Array(data.count).fill(1);
  if (pieces.length > 1) {
    const code = await beginning(pieces.join("_"));
    if (code.includes(1)) return code;
  }
  return (await Promise.all(pieces.map(beginning))).reduce(both);
};
let current = 0, hits = [], shown = 0;
const element = (name, text, inside) => { const made = document.createElement(name); made.textContent = text; inside.append(made); return made; };
const article = ([anchor, code, title, rows, url]) => {
  const made = document.createElement("article");
  made.id = anchor; made.className = "proposal"; made.tabIndex = -1;
  made.setAttribute("aria-labelledby", `${anchor}-title`);
  element("h3", `${code} · ${title}`, made).id = `${anchor}-title`;
  const terms = element("dl", "", made);
  const row = (label, text) => { const pair = element("div", "", terms); element("dt", label, pair); return element("dd", text, pair); };
  for (const [label, text] of rows) row(data.labels[label], text);
  if (url) {
    const link = element("a", data.link.replace("{code}", () => code), row(data.platform, ""));
    link.href = url; link.rel = "noopener noreferrer";
  }
  return made;
};
const count = () => {
  $("search-count").textContent = data.fit.replace("{count}", hits.length).replace("{all}", data.count).replace("{shown}", shown);
  more.hidden = shown >= hits.length;
};
const next = async (ticket, focus) => {
  const numbers = hits.slice(shown, shown + EACH);
  const pieces = await Promise.all(numbers.map((number) => load(`texts-${Math.floor(number / data.each)}`)));
  if (ticket !== current) return;
  const made = numbers.map((number, k) => article(pieces[k][number % data.each]));
  list.append(...made);
  shown += made.length;
  count();
  if (focus && made.length) made[0].focus();
};
const busy = (is) => list.setAttribute("aria-busy", String(is));
const look = async () => {
  const ticket = current += 1;
  busy(true);
  try {
    const parts = plain(words.value).split(/\s+/).filter(Boolean).map(typed);
    for (const select of selects.filter((select) => select.value)) {
      parts.push(load("choices").then((choices) => {
        const bits = new Uint8Array(data.count);
        mark(choices[select.dataset.choice][select.value] ?? "", bits);
        return bits;
      }));
    }
    const bits = (await Promise.all(parts)).reduce(both, new Uint8Array(data.count).fill(1));
    if (ticket !== current) return;
    hits = [];
    for (let k = 0; k < bits.length; k += 1) if (bits[k]) hits.push(k);
    shown = 0;
    list.replaceChildren();
    await next(ticket, false);
  } catch (error) {
    if (ticket === current) $("search-count").textContent = data.missing.replace("{folder}", data.folder);
  }
  if (ticket === current) busy(false);
};
let timer = 0;
form.addEventListener("submit", (event) => { event.preventDefault(); look(); });
form.addEventListener("reset", () => { busy(true); setTimeout(look, 0); });
words.addEventListener("input", () => { busy(true); clearTimeout(timer); timer = setTimeout(look, 60); });
selects.forEach((select) => select.addEventListener("change", look));
more.addEventListener("click", () => next(current, true));
const follow = () => {
  if (!location.hash.startsWith("#p-")) return false;
  let code = location.hash.slice(3);
  try { code = decodeURIComponent(code); } catch { /* as it stands */ }
  const signs = [...code].map((sign) => (/[\p{L}\p{N}.-]/u.test(sign) ? sign : `_${sign.codePointAt(0).toString(16)}_`));
  words.value = code.replace(/_([0-9a-f]+)_/g, (whole, hex) => String.fromCodePoint(parseInt(hex, 16) % 0x110000));
  // Codes that differ in one sign are listed together: the one that was meant is shown.
  look().then(() => ($(location.hash.slice(1)) ?? $(`p-${signs.join("")}`))?.scrollIntoView());
  return true;
};
globalThis.addEventListener("hashchange", follow);
if (!follow()) look();
