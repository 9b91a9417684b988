"use strict";
// The page asks the server for parts and puts them in their places; every word and number comes from there.
(() => {
  const words = JSON.parse(document.body.dataset.words);
  const $ = (id) => document.getElementById(id);
  const kept = { "X-Ogp": "1" };
  const query = (given) => new URLSearchParams(given).toString();
  const sources = () => ({ data: $("data").value, method: $("method").value });

  const ask = async (address, options = {}) => {
    try {
      return await fetch(address, { ...options, headers: kept });
    } catch {
      return new Response(`<p class="refusal" role="alert">${words.lost}</p>`, { status: 503 });
    }
  };
  const put = async (id, address, options) => {
    $(id).setAttribute("aria-busy", "true");
    const answer = await ask(address, options), text = await answer.text();
    // Whoever stands on a button that comes again stays on it.
    const here = $(id).contains(document.activeElement) ? document.activeElement.id : "";
    $(id).innerHTML = text;
    $(id).removeAttribute("aria-busy");
    if (here) $(here)?.focus();
    return answer.ok;
  };
  // Read out where it is new, and not at every look.
  const tell_aloud = (text) => { if ($("status").textContent !== text) $("status").textContent = text; };
  const remember = (name) => {
    const state = { ...sources(), ...(name ? { run: name } : {}) };
    history.replaceState(null, "", `/?${query(state)}${location.hash}`);
    const other = $("other-language");
    other.href = `/?${query({ ...state, language: other.hreflang })}`;
  };
  const choose = (select, value) => {
    if (![...select.options].some((option) => option.value === value)) select.add(new Option(value, value));
    select.value = value;
  };
  const reveal = (id) => { const title = $(`${id}-title`); title.tabIndex = -1; title.focus(); };
  const save = (name, blob) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  };

  // 1. Ratings.
  const upload = async (files) => {
    // A method may lie among the tables: these alone are read together.
    const tables = files.filter((file) => !/\.ya?ml$/i.test(file.name));
    let group = tables.length > 1 ? tables[0].name.replace(/\.[^.]*$/, "") : "";
    const said = [];
    for (const file of files) {
      const is_table = tables.includes(file), given = new URLSearchParams({ name: file.name });
      if (is_table) given.set("group", group);
      if (file === tables[0]) for (const table of tables) given.append("beside", table.name);
      const answer = await ask(`/upload?${given}`, { method: "POST", body: file });
      if (!answer.ok) { $("upload-message").innerHTML = await answer.text(); return; }
      const { kind, name } = await answer.json();
      if (group && is_table) group = name;
      choose($(kind), name);
      if (!said.includes(name)) said.push(name);
      $("upload-message").textContent = `${words.file_kept} ${said.join(", ")}`;
    }
    remember($("run-name").value);
  };
  $("upload").addEventListener("change", (event) => upload([...event.target.files]));
  const drop = $("drop");
  for (const name of ["dragover", "dragenter"]) {
    drop.addEventListener(name, (event) => { event.preventDefault(); drop.classList.add("over"); });
  }
  drop.addEventListener("dragleave", () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    upload([...event.dataTransfer.files]);
  });

  const template = () => put("template-part", `/template?${query({ method: $("method").value })}`);
  $("template-box").addEventListener("toggle", () => { if ($("template-box").open) template(); });
  $("method").addEventListener("change", () => { if ($("template-box").open) template(); remember($("run-name").value); });
  $("data").addEventListener("change", () => remember($("run-name").value));
  $("template-part").addEventListener("click", (event) => {
    if (event.target.id !== "more-seats") return;
    const last = $("seats").lastElementChild, row = last.cloneNode(true);
    row.querySelector("input").value = "";
    last.after(row);
    row.querySelector("input").focus();
  });
  $("template-part").addEventListener("submit", async (event) => {
    event.preventDefault();
    const body = new URLSearchParams(new FormData(event.target));
    body.set("method", $("method").value);
    const answer = await ask("/template", { method: "POST", body });
    $("template-message").innerHTML = answer.ok ? "" : await answer.text();
    if (answer.ok) save(answer.headers.get("Content-Disposition").split('"')[1], await answer.blob());
  });

  // 2. Check.
  const check = async () => {
    $("check-part").textContent = words.working;
    remember($("run-name").value);
    await put("check-part", `/check?${query(sources())}`);
    reveal("check");
  };
  $("check-button").addEventListener("click", check);
  document.addEventListener("click", (event) => {
    if (!event.target.matches(".sort")) return;
    const head = event.target.closest("th"), table = head.closest("table"), at = head.cellIndex;
    const down = head.getAttribute("aria-sort") === "ascending";
    const value = (row) => row.cells[at].dataset.value ?? row.cells[at].textContent.trim();
    const order = new Intl.Collator(document.documentElement.lang, { numeric: true });
    const rows = [...table.tBodies[0].rows].sort((a, b) => order.compare(value(a), value(b)) * (down ? -1 : 1));
    table.tBodies[0].append(...rows);
    for (const other of head.parentElement.cells) other.setAttribute("aria-sort", "none");
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
  });

  // 3. Parameters.
  let waiting = 0;
  const tell = (problems) => {
    for (const box of $("parameters").querySelectorAll(".parameter")) {
      const found = problems[box.dataset.parameter] ?? [];
      $(`e-${box.dataset.parameter}`).textContent = found.join("\n");
      box.classList.toggle("wrong", found.length > 0);
      for (const control of box.querySelectorAll("input, select")) control.setAttribute("aria-invalid", String(found.length > 0));
      if (found.length) box.closest("details")?.setAttribute("open", "");
    }
    const shown = new Set([...$("parameters").querySelectorAll(".parameter")].map((box) => box.dataset.parameter));
    $("e-").textContent = Object.entries(problems).filter(([name]) => !shown.has(name)).map(([, said]) => said.join("\n")).join("\n");
  };
  const body = () => new URLSearchParams(new FormData($("parameters")));
  const judge = async () => {
    const mine = ++waiting;
    const answer = await ask("/form/check", { method: "POST", body: body() });
    if (mine === waiting && answer.ok) tell((await answer.json()).problems);
  };
  $("form-button").addEventListener("click", async () => {
    const start = $("start").value;
    await put("form-part", `/form?${query({ ...sources(), start })}`);
    $("f-name")?.focus();
  });
  let typing = 0;
  $("form-part").addEventListener("input", () => { clearTimeout(typing); typing = setTimeout(judge, 200); });
  $("form-part").addEventListener("submit", async (event) => {
    event.preventDefault();
    clearTimeout(typing);
    waiting += 1;
    const answer = await ask("/form/save", { method: "POST", body: body() });
    if (!answer.ok) { $("form-message").innerHTML = await answer.text(); return; }
    const said = await answer.json();
    tell(said.problems);
    $("replace-box").hidden = !said.exists;
    $("form-message").textContent = said.message ?? words.problems;
    if (!said.name) { $("parameters").querySelector("[aria-invalid=true]")?.focus(); return; }
    choose($("run-name"), said.name);
    choose($("start"), said.name);
    remember(said.name);
    follow(said.name);
  });

  // 4. Run.
  let following = 0;
  const follow = async (name) => {
    clearTimeout(following);
    await put("run-part", `/run?${query({ name })}`);
    after(name);
  };
  const after = (name) => {
    const part = $("run-part").querySelector("[data-state]"), stop = $("stop-button");
    const was_there = document.activeElement === stop;
    stop.hidden = part?.dataset.state !== "running";
    if (stop.hidden && was_there) reveal("run");
    if (!part || $("run-name").value !== name) return;
    tell_aloud(part.dataset.said);
    if (part.dataset.state === "running") following = setTimeout(() => follow(name), 1000);
    else if (part.dataset.results === "yes") put("results-part", `/results?${query({ name })}`);
  };
  const no_scenario = (id) => {
    $(id).textContent = words.no_scenario;
    tell_aloud(words.no_scenario);
    $($("run-name").length > 1 ? "run-name" : "form-button").focus();
  };
  $("run-button").addEventListener("click", async () => {
    const name = $("run-name").value;
    if (!name) { no_scenario("run-part"); return; }
    remember(name);
    clearTimeout(following);
    await put("run-part", `/run?${query({ name })}`, { method: "POST" });
    after(name);
  });
  $("run-name").addEventListener("change", () => {
    const name = $("run-name").value;
    remember(name);
    $("explore-part").replaceChildren();
    if (name) follow(name);
    else { $("run-part").replaceChildren(); $("stop-button").hidden = true; }
  });
  $("stop-button").addEventListener("click", async () => {
    const name = $("run-name").value;
    clearTimeout(following);
    await put("run-part", `/stop?${query({ name })}`, { method: "POST" });
    after(name);
  });

  // 6. Explorer: only what was moved is sent, so that all else is the run's own, to the last digit.
  const starts = new Map();
  const number = (value) => new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 3 }).format(value);
  const read = (form) => { for (const slider of form.querySelectorAll("[type=range]")) slider.nextElementSibling.textContent = number(slider.value); };
  const explorer = () => $("explorer");
  $("explore-button").addEventListener("click", async () => {
    const name = $("run-name").value;
    if (!name) { no_scenario("explore-part"); return; }
    $("explore-part").textContent = words.working;
    if (!(await put("explore-part", `/explore?${query({ name })}`))) return;
    starts.clear();
    for (const control of explorer().elements) if (control.name) starts.set(control.id, control.type === "checkbox" ? control.checked : control.value);
    read(explorer());
    explorer().querySelector("input")?.focus();
  });
  let asked = 0;
  const answer = async () => {
    const mine = ++asked, moved = new URLSearchParams();
    for (const control of explorer().elements) {
      const now = control.type === "checkbox" ? control.checked : control.value;
      if (control.name && now !== starts.get(control.id)) moved.append(control.name, control.value);
    }
    const given = await ask(`/explore?${query({ name: explorer().dataset.name })}`, { method: "POST", body: moved });
    const text = await given.text();
    if (mine !== asked) return;
    $("answer").innerHTML = text;
    tell_aloud($("moved-count")?.textContent ?? $("answer").textContent);
  };
  let moving = 0;
  const soon = () => { read(explorer()); clearTimeout(moving); moving = setTimeout(answer, 120); };
  $("explore-part").addEventListener("input", soon);
  $("explore-part").addEventListener("reset", () => setTimeout(soon));

  const name = $("run-name").value;
  remember(name);
  if (name) follow(name);
})();
