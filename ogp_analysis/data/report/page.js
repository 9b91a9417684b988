// What the page does with the kernel: search, explorer, printing. It adds text only, never markup.
const said = JSON.parse(document.getElementById("words").textContent);
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, key) => values[key]);
const shown = (value, digits) => {
  const text = value.toFixed(digits);
  return said.language === "es" ? text.replace(".", ",") : text;
};

// --- search -------------------------------------------------------------------------------------------------
const form = document.getElementById("search-form");
if (form) {
  const words = document.getElementById("search-words");
  const chosen = document.getElementById("search-category");
  const groups = [...document.querySelectorAll("table[data-searched]")].map((table) => ({
    table,
    rows: [...table.tBodies[0].rows].map((row) => ({ row, text: ogp.plain(row.dataset.search), category: row.dataset.category })),
  }));
  const look = () => {
    const wanted = ogp.plain(words.value).split(/\s+/).filter(Boolean);
    const found = { plan: 0, method: 0 };
    for (const { table, rows } of groups) {
      let here = 0;
      for (const { row, text, category } of rows) {
        const hit = wanted.every((word) => text.includes(word)) && (!chosen.value || category === chosen.value);
        row.hidden = !hit;
        here += hit;
      }
      found[table.dataset.searched] += here;
      const none = document.getElementById(`${table.id}-none`);
      none.hidden = here > 0;
    }
    document.getElementById("search-count").textContent = fill(said.found, found);
  };
  form.addEventListener("submit", (event) => { event.preventDefault(); look(); });
  form.addEventListener("reset", () => setTimeout(look, 0));
  words.addEventListener("input", look);
  chosen.addEventListener("change", look);
  look();
}

// --- explorer -----------------------------------------------------------------------------------------------
const holder = document.getElementById("explorer-data");
if (holder) {
  const data = JSON.parse(holder.textContent);
  const box = document.getElementById("explorer-box");
  const { criteria, categories, composite } = data.method;
  const groups = composite ? [...criteria, composite] : criteria;
  const start = () => groups.map(({ weights, cuts }) => ({ weights: [...weights], cuts: [...cuts] }));
  let setting = start();
  const sliders = [...box.querySelectorAll("input[type=range]")];
  const rows = new Map([...box.querySelectorAll("tbody tr")].map((row) => [row.dataset.code, row]));

  const usable = ({ weights, cuts }) => weights.some((weight) => ogp.number(weight) > 0)
    && cuts.every((cut, i) => i === 0 || ogp.number(cuts[i - 1]) < ogp.number(cut));
  const showSliders = () => sliders.forEach((slider) => {
    const { criterion, kind, at } = slider.dataset;
    const values = setting[criterion][kind];
    const total = values.reduce((sum, value) => sum + ogp.number(value), 0);
    const text = kind === "weights" ? `${shown((100 * ogp.number(values[at])) / total, 1)} %` : shown(ogp.number(values[at]), 2);
    slider.setAttribute("aria-valuetext", text);
    document.getElementById(`${slider.id}-value`).textContent = text;
  });
  const showRow = (proposal, result) => {
    const row = rows.get(proposal.code);
    const cells = row.cells;
    const moved = result !== null && result.category !== proposal.baseline;
    row.classList.toggle("moved", moved);
    row.dataset.now = result === null ? "" : result.category;
    cells[2].textContent = result === null ? said.unresolved : result.category;
    cells[3].textContent = moved ? fill(said.moved, { from: proposal.baseline, to: result.category }) : "";
    groups.forEach((_, i) => { cells[4 + i].textContent = result === null ? "–" : shown(result.means[i], 3); });
    if (!composite) categories.forEach((_, i) => {
      cells[4 + groups.length + i].textContent = result === null ? "–" : shown(100 * result.acceptability[i], 1);
    });
  };
  const redraw = () => {
    const message = document.getElementById("explorer-message");
    if (!setting.every(usable)) { message.textContent = said.unusable; return; }
    const results = data.proposals.map((proposal) => [proposal, ogp.evaluate(data.method, proposal, setting)]);
    results.forEach(([proposal, result]) => showRow(proposal, result));
    const moved = results.filter(([proposal, result]) => result !== null && result.category !== proposal.baseline);
    categories.forEach((category) => {
      document.getElementById(`explorer-count-${category}`).textContent = results.filter(([, result]) => result?.category === category).length;
    });
    message.textContent = fill(said.changed, { count: moved.length, all: results.length,
      codes: moved.map(([proposal]) => proposal.code).join(", ") || "–" });
    showSliders();
  };
  const toBaseline = () => {
    setting = start();
    sliders.forEach((slider) => { slider.value = ogp.number(setting[slider.dataset.criterion][slider.dataset.kind][slider.dataset.at]); });
    redraw();
  };
  sliders.forEach((slider) => slider.addEventListener("input", () => {
    const { criterion, kind, at } = slider.dataset;
    setting[criterion][kind][at] = slider.value;
    if (usable(setting[criterion])) redraw();
    else { showSliders(); document.getElementById("explorer-message").textContent = said.unusable; }
  }));
  document.getElementById("explorer-reset").addEventListener("click", toBaseline);
  document.getElementById("explorer-only").addEventListener("change", (event) => {
    box.classList.toggle("only-moved", event.target.checked);
  });
  box.hidden = false;
  toBaseline();
}

// --- printing: what is folded is printed too ----------------------------------------------------------------
window.addEventListener("beforeprint", () => {
  document.querySelectorAll("details:not([open])").forEach((part) => { part.open = true; part.dataset.folded = "yes"; });
});
window.addEventListener("afterprint", () => {
  document.querySelectorAll("details[data-folded]").forEach((part) => { part.open = false; delete part.dataset.folded; });
});
