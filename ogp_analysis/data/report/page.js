// What the page does with the kernel: search, explorer, printing. It adds text only, never markup.
const said = JSON.parse(document.getElementById("words").textContent);
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, key) => values[key]);
const shown = (value, digits) => {
  // Exactly halfway goes to the even digit, as in all other numbers of the report; toFixed goes up.
  const scaled = value * 10 ** digits;
  const low = Math.floor(scaled);
  // A number lies there exactly only where halves, quarters, eighths ... make it up.
  const halfway = scaled - low === 0.5 && Number.isInteger(value * 2 ** (digits + 1));
  const even = halfway ? low + Math.abs(low % 2) : scaled;
  const text = (even / 10 ** digits).toFixed(digits);
  return said.language === "es" ? text.replace(".", ",") : text;
};
const percent = (share) => {
  // What is neither nothing nor all never looks like it.
  const sign = share > 0 && share < 0.001 ? "< " : share > 0.999 && share < 1 ? "> " : "";
  const near = sign === "< " ? 0.001 : sign ? 0.999 : share;
  return `${sign}${shown(100 * near, share === 0 || share === 1 ? 0 : 1)}${said.language === "es" ? "\u00a0" : ""}%`;
};

// --- the state of the page stands after the # of its address, so that a link can be sent --------------------
const state = () => new URLSearchParams(location.hash.includes("=") ? location.hash.slice(1) : "");
const keep = (name, value) => {
  const now = state();
  if (value) now.set(name, value); else now.delete(name);
  history.replaceState(null, "", now.toString() ? `#${now}` : location.pathname.split("/").pop() || "#");
};

// --- search -------------------------------------------------------------------------------------------------
const form = document.getElementById("search-form");
if (form) {
  const words = document.getElementById("search-words");
  const chosen = document.getElementById("search-category");
  const groups = [...document.querySelectorAll("table[data-searched]")].map((table) => ({
    table,
    rows: [...table.tBodies[0].rows].map((row) => {
      const text = ogp.plain(row.dataset.search);
      return { row, text, whole: new Set(text.split(/[^a-z0-9]+/)), category: row.dataset.category };
    }),
  }));
  const look = () => {
    // "SDG 5", "category 3", what the page numbers and codes are fields: they find whole words, so that 5 does not find 15.
    const numbered = new RegExp(`\\b(?:${words.dataset.numbered || "c"})\\s*(\\d+)`, "g");
    const wanted = ogp.plain(words.value)
      .replace(/\b(?:sdg|ods|goal|objetivo)s?\s*(\d+)/g, "sdg$1").replace(/\b(?:category|categoria)\s*(\d+)/g, "category$1")
      .replace(numbered, "c$1")
      // A plural finds its singular: "compras públicas" is "compra pública" too.
      .split(/\s+/).filter(Boolean).map((word) => (word.length > 4 ? word.replace(/s$/, "") : word));
    const found = { plan: 0, method: 0 };
    for (const { table, rows } of groups) {
      let here = 0;
      for (const { row, text, whole, category } of rows) {
        const hit = wanted.every((word) => (/^[a-z]+\d+$/.test(word) ? whole.has(word) : text.includes(word))) && (!chosen.value || category === chosen.value);
        row.hidden = !hit;
        here += hit;
      }
      found[table.dataset.searched] += here;
      const none = document.getElementById(`${table.id}-none`);
      none.hidden = here > 0;
    }
    document.getElementById("search-count").textContent = fill(said.found, found);
  };
  const asked = () => { keep("q", words.value); keep("c", chosen.value); look(); };
  form.addEventListener("submit", (event) => { event.preventDefault(); asked(); });
  form.addEventListener("reset", () => setTimeout(asked, 0));
  words.addEventListener("input", asked);
  chosen.addEventListener("change", asked);
  words.value = state().get("q") || "";
  chosen.value = state().get("c") || "";
  if (words.value || chosen.value) document.getElementById("search").scrollIntoView();
  look();
}

// --- explorer -----------------------------------------------------------------------------------------------
const holder = document.getElementById("explorer-data");
if (holder) {
  const data = JSON.parse(holder.textContent);
  const box = document.getElementById("explorer-box");
  const { criteria, categories, composite, rules: given } = data.method;
  const groups = composite ? [...criteria, composite] : criteria;
  const start = () => groups.map(({ weights, cuts }) => ({ weights: [...weights], cuts: [...cuts] }));
  let setting = start();
  let rules = { ...given };
  // Under the run's own rules the settled scores stand as they are; under others the pairs are settled again.
  const changedRules = () => Object.keys(given || {}).filter((name) => String(rules[name]) !== String(given[name]));
  const judge = (proposal) => (changedRules().length
    ? ogp.evaluateUnder(data.method, proposal, setting, rules) : ogp.evaluate(data.method, proposal, setting));
  // Rules that would not give the run's own categories again are not offered: none is better than a wrong one.
  const again = (proposal) => ogp.evaluateUnder(data.method, proposal, setting, rules);
  const trusted = given && data.proposals.every((proposal) => (again(proposal)?.category ?? null) === proposal.baseline);
  if (!trusted) document.getElementById("explorer-rules")?.remove();
  const inputs = [...box.querySelectorAll("[data-rule]")];
  const sliders = [...box.querySelectorAll("input[data-criterion]")];
  const rows = new Map([...box.querySelectorAll("tbody tr")].map((row) => [row.dataset.code, row]));

  const usable = ({ weights, cuts }) => weights.some((weight) => ogp.number(weight) > 0)
    && cuts.every((cut, i) => i === 0 || ogp.number(cuts[i - 1]) < ogp.number(cut));
  const showTolerance = () => inputs.filter((input) => !input.options).forEach((input) => {
    const text = shown(rules.tolerance, 1);
    input.setAttribute("aria-valuetext", text);
    document.getElementById(`${input.id}-value`).textContent = text;
  });
  const showSliders = () => sliders.forEach((slider) => {
    const { criterion, kind, at } = slider.dataset;
    const values = setting[criterion][kind];
    const total = values.reduce((sum, value) => sum + ogp.number(value), 0);
    const text = kind === "weights" ? percent(total ? ogp.number(values[at]) / total : 0) : shown(ogp.number(values[at]), 2);
    slider.setAttribute("aria-valuetext", text);
    document.getElementById(`${slider.id}-value`).textContent = text;
  });
  const hasMoved = (proposal, result) => result !== null && result.category !== proposal.baseline;
  const { names, limit } = data.method;
  const vetoWords = (result) => (result?.vetoed?.length
    ? fill(said.vetoed, { indicators: result.vetoed.map((at) => names[at]).join(", "), limit, category: result.freely }) : "");
  const showRow = (proposal, result) => {
    const row = rows.get(proposal.code);
    const cells = row.cells;
    const moved = hasMoved(proposal, result);
    row.classList.toggle("moved", moved);
    row.dataset.now = result?.category ?? "";
    cells[2].textContent = result?.category ?? said.unresolved;
    const to = result?.category ?? fill(said.possible, { categories: (result?.possible || []).join(", ") });
    const told = [moved ? fill(said.moved, { from: proposal.baseline ?? said.unresolved, to }) : "", vetoWords(result)];
    cells[3].textContent = told.filter(Boolean).join("; ");
    groups.forEach((_, i) => { cells[4 + i].textContent = (result?.means[i] ?? null) === null ? "–" : shown(result.means[i], 2); });
    // No column of shares where nothing can be weighted otherwise.
    if (!composite && cells.length > 4 + groups.length) categories.forEach((_, i) => {
      cells[4 + groups.length + i].textContent = result?.acceptability ? percent(result.acceptability[i]) : "–";
    });
  };
  // What the settings do not allow has no categories: those of the settings before must not stand beside it.
  const blank = () => {
    rows.forEach((row) => {
      row.classList.remove("moved");
      [...row.cells].slice(2).forEach((cell, at) => { cell.textContent = at === 1 ? "" : "–"; });
    });
    categories.forEach((category) => { document.getElementById(`explorer-count-${category}`).textContent = "–"; });
  };
  const redraw = () => {
    const message = document.getElementById("explorer-message");
    showSliders();
    showTolerance();
    if (!setting.every(usable)) { blank(); message.textContent = said.unusable; return; }
    const results = data.proposals.map((proposal) => [proposal, judge(proposal)]);
    results.forEach(([proposal, result]) => showRow(proposal, result));
    // Without a category is no other category: it is told apart, as the boxes count only those that have one.
    const open = results.filter(([, result]) => (result?.category ?? null) === null);
    const moved = results.filter(([proposal, result]) => hasMoved(proposal, result) && result.category !== null);
    const codes = (some) => some.map(([proposal]) => proposal.code).join(", ") || "–";
    categories.forEach((category) => {
      document.getElementById(`explorer-count-${category}`).textContent = results.filter(([, result]) => result?.category === category).length;
    });
    message.textContent = fill(said.changed, { count: moved.length, all: results.length, codes: codes(moved) })
      + (open.length ? fill(said.open, { count: open.length, codes: codes(open) }) : "");
  };
  const apply = () => {
    sliders.forEach((slider) => { slider.value = ogp.number(setting[slider.dataset.criterion][slider.dataset.kind][slider.dataset.at]); });
    inputs.forEach((input) => { input.value = rules[input.dataset.rule]; });
    redraw();
  };
  const toBaseline = () => { setting = start(); rules = { ...given }; keep("x", ""); apply(); };
  // Only what was moved: criterion, kind, place and value.
  const moves = () => start().flatMap((group, c) => ["weights", "cuts"].flatMap((kind) => group[kind]
    .map((value, at) => [c, kind, at, setting[c][kind][at], value]).filter(([, , , now, before]) => now !== before)
    .map(([c_, kind_, at_, now]) => [c_, kind_[0], at_, now].join(":"))))
    .concat(changedRules().map((name) => ["r", name, rules[name]].join(":")));
  const restoreRule = (name, value) => {
    const input = inputs.find((one) => one.dataset.rule === name);
    if (!input) return;
    if (input.options ? [...input.options].some((option) => option.value === value) : /^\d+(\.\d+)?$/.test(value))
      rules[name] = input.options ? value : Number(value);
  };
  const restore = () => (state().get("x") || "").split(",").filter(Boolean).forEach((move) => {
    const [c, kind, at, value] = move.split(":");
    if (c === "r") { restoreRule(kind, at); return; }
    const part = setting[c]?.[kind === "w" ? "weights" : "cuts"];
    if (part && at in part && /^\d+(\.\d+)?$/.test(value)) part[at] = value;
  });
  sliders.forEach((slider) => slider.addEventListener("input", () => {
    const { criterion, kind, at } = slider.dataset;
    setting[criterion][kind][at] = slider.value;
    keep("x", moves().join(","));
    redraw();
  }));
  inputs.forEach((input) => input.addEventListener("input", () => {
    rules[input.dataset.rule] = input.options ? input.value : Number(input.value);
    keep("x", moves().join(","));
    redraw();
  }));
  document.getElementById("explorer-reset").addEventListener("click", toBaseline);
  document.getElementById("explorer-only").addEventListener("change", (event) => {
    box.classList.toggle("only-moved", event.target.checked);
  });
  // A proposal is marked by its code, with mouse or keyboard; marks stand in the address.
  const marked = new Set((state().get("m") || "").split(",").filter((code) => rows.has(code)));
  rows.forEach((row, code) => {
    const button = document.createElement("button");
    button.type = "button";
    button.title = fill(said.mark, { code });
    button.textContent = code;
    const show = () => {
      row.classList.toggle("chosen", marked.has(code));
      button.setAttribute("aria-pressed", String(marked.has(code)));
    };
    button.addEventListener("click", () => {
      if (!marked.delete(code)) marked.add(code);
      keep("m", [...marked].join(","));
      show();
    });
    row.cells[0].replaceChildren(button);
    show();
  });
  box.hidden = false;
  restore();
  apply();
  if (state().get("x") || state().get("m")) document.getElementById("explorer").scrollIntoView();
}

// --- a link into what is folded opens it ---------------------------------------------------------------------
const unfold = () => {
  const goal = /^#[\w-]+$/.test(location.hash) && document.querySelector(location.hash);
  for (let part = goal && goal.closest("details"); part; part = part.parentElement.closest("details")) part.open = true;
  if (goal) goal.scrollIntoView();
};
window.addEventListener("hashchange", unfold);
unfold();

// --- printing: of what is folded the tables of the PDF are printed too, the annex only where a reader opened it
window.addEventListener("beforeprint", () => {
  document.querySelectorAll("details[data-paper]:not([open])").forEach((part) => { part.open = true; part.dataset.folded = "yes"; });
});
window.addEventListener("afterprint", () => {
  document.querySelectorAll("details[data-folded]").forEach((part) => { part.open = false; delete part.dataset.folded; });
});

// --- tables: a click on a head sorts by it, a second one turns the order round -------------------------------
const sortable = (text) => {
  const bare = text.replace("−", "-").replace(",", ".").replace(/\s?%$/, "").replace(/^[<>]\s/, "");
  return bare !== "" && !Number.isNaN(Number(bare)) ? Number(bare) : ogp.plain(text);
};
const sortBy = (table, at, head) => {
  const down = head.getAttribute("aria-sort") === "ascending";
  const body = table.tBodies[0];
  const sorted = [...body.rows].map((row) => [sortable(row.cells[at].textContent.trim()), row]);
  const rank = (value) => (typeof value === "number" ? 0 : 1);
  sorted.sort(([a], [b]) => (rank(a) - rank(b) || (a < b ? -1 : a > b ? 1 : 0)) * (down ? -1 : 1));
  [...table.tHead.rows[0].cells].forEach((cell) => cell.removeAttribute("aria-sort"));
  head.setAttribute("aria-sort", down ? "descending" : "ascending");
  body.append(...sorted.map(([, row]) => row));
};
document.querySelectorAll("table.data").forEach((table) => {
  if (table.tBodies[0].rows.length < 2) return;
  [...table.tHead.rows[0].cells].forEach((head, at) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => sortBy(table, at, head));
  });
});

// --- a cited line shows its sentence ------------------------------------------------------------------------
const lines = JSON.parse(document.getElementById("lines").textContent);
const told = document.getElementById("cited");
const tell = (number) => {
  const place = document.createElement("strong");
  place.textContent = `${lines[number][0]}: `;
  const quote = document.createElement("q");
  quote.lang = "en";
  quote.textContent = lines[number][1];
  told.replaceChildren(place, quote);
  told.hidden = false;
};
const hush = () => { told.hidden = true; };
const cite = (number, words) => {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "cited-line";
  button.textContent = words;
  button.setAttribute("aria-describedby", "cited");
  ["mouseenter", "focus", "click"].forEach((kind) => button.addEventListener(kind, () => tell(number)));
  ["mouseleave", "blur"].forEach((kind) => button.addEventListener(kind, hush));
  return button;
};
// A number stands behind "line" or behind another one that does: "lines 490, 504-506 and 703".
const NAMED = /(?<=\b(?:lines?|l[ií]neas?) (?:\d{1,4}(?:-|, | and | y ))*)(\d{1,4})\b|\bL(\d{1,4})\b/g;
const CITED = /\bL?(\d{1,4})\b/g;
const citeIn = (node, pattern) => {
  const parts = [];
  let end = 0;
  for (const hit of node.data.matchAll(pattern)) {
    const number = hit[1] || hit[2];
    if (!(number in lines)) continue;
    parts.push(node.data.slice(end, hit.index), cite(number, hit[0]));
    end = hit.index + hit[0].length;
  }
  if (parts.length) node.replaceWith(...parts, node.data.slice(end));
};
if (Object.keys(lines).length) {
  document.querySelectorAll("td.cite").forEach((cell) => [...cell.childNodes].forEach((node) => citeIn(node, CITED)));
  document.querySelectorAll("#main p, #main li, #main td:not(.cite)").forEach((block) => [...block.childNodes]
    .filter((node) => node.nodeType === Node.TEXT_NODE && /\bL\d|l[ií]ne/i.test(node.data))
    .forEach((node) => citeIn(node, NAMED)));
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") hush(); });
}
