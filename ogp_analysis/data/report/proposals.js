// Search of the public page: hides what does not fit. It adds text only, never markup.
const said = JSON.parse(document.getElementById("words").textContent);
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
const form = document.getElementById("search-form");
const words = document.getElementById("search-words");
const choices = [...form.querySelectorAll("select[data-choice]")];
const articles = [...document.querySelectorAll("article.proposal")];
const look = () => {
  const wanted = plain(words.value).split(/\s+/).filter(Boolean);
  let count = 0;
  for (const article of articles) {
    const fits = (choice) => !choice.value || ` ${article.getAttribute(`data-${choice.dataset.choice}`)} `.includes(` ${choice.value} `);
    const hit = wanted.every((word) => article.dataset.search.includes(word)) && choices.every(fits);
    article.hidden = !hit;
    count += hit;
  }
  document.getElementById("search-count").textContent = said.count.replace("{count}", count).replace("{all}", articles.length);
};
form.addEventListener("submit", (event) => { event.preventDefault(); look(); });
form.addEventListener("reset", () => setTimeout(look, 0));
words.addEventListener("input", look);
choices.forEach((choice) => choice.addEventListener("change", look));
look();
// A link to a proposal by its code: as it stands, else written in another way where only one can be meant.
const idOf = (code) => `p-${[...code].map((sign) => (/[\p{L}\p{N}.-]/u.test(sign) ? sign : `_${sign.codePointAt(0).toString(16)}_`)).join("")}`;
const folded = (code) => plain(code).replace(/[^\p{L}\p{N}]+/gu, "_");
const alike = (code) => {
  const same = articles.filter((article) => folded(article.id.slice(2).replace(/_[0-9a-f]+_/g, "_")) === folded(code));
  return same.length === 1 ? same[0] : null;
};
const follow = () => {
  if (!location.hash.startsWith("#p-")) return;
  let code = location.hash.slice(3);
  try { code = decodeURIComponent(code); } catch { /* as it stands */ }
  const goal = document.getElementById(location.hash.slice(1)) ?? document.getElementById(idOf(code)) ?? alike(code);
  if (!goal) return;
  if (goal.hidden) { form.reset(); look(); }
  goal.scrollIntoView();
};
window.addEventListener("hashchange", follow);
follow();
