"use strict";
// The arithmetic of the weight explorer: the same formulas as ogp_analysis.assessment.scoring and
// ogp_analysis.sensitivity.threshold, tested against them. No DOM here.
const ogp = (() => {
  // A text such as "0.3334", "1/3" or "-1" as an exact fraction [numerator, denominator] of BigInts.
  const fraction = (text) => {
    const [above, below] = String(text).split("/");
    if (below !== undefined) return [BigInt(above), BigInt(below)];
    const [whole, digits = ""] = above.split(".");
    return [BigInt(whole + digits), 10n ** BigInt(digits.length)];
  };
  const number = (text) => {
    const [above, below = "1"] = String(text).split("/");
    return Number(above) / Number(below);
  };

  // Weighted mean in floating point, weights rescaled to sum 1; for display.
  const mean = (scores, weights) => {
    const total = weights.reduce((sum, weight) => sum + number(weight), 0);
    return scores.reduce((sum, score, i) => sum + score * number(weights[i]), 0) / total;
  };

  // Cut points reached (closed below), decided on whole numbers: a score on a cut never flips by float noise.
  // `exact` holds each score as [numerator, denominator]; weights and cuts are decimal texts.
  const levelCode = (exact, weights, cuts) => {
    let top = 0n, total = [0n, 1n], bottom = 1n;
    exact.forEach(([n, d], i) => {
      const [wn, wd] = fraction(weights[i]);
      const D = BigInt(d) * wd;
      top = top * D + wn * BigInt(n) * bottom;
      bottom *= D;
      total = [total[0] * wd + wn * total[1], total[1] * wd];
    });
    return cuts.filter((cut) => {
      const [cn, cd] = fraction(cut);
      return top * total[1] * cd >= cn * bottom * total[0];
    }).length;
  };

  // P(sum v_i a_i >= 0) for v uniform on the simplex (Varsi 1973): convex sums only.
  const tail = (a) => {
    const p = a.filter((value) => value > 0);
    const q = a.filter((value) => value <= 0).map((value) => -value);
    if (p.length === 0) return q.every((value) => value === 0) ? 1 : 0;
    const F = [0, ...p.map(() => 1)];
    for (const away of q)
      for (let j = 1; j <= p.length; j += 1)
        F[j] = (p[j - 1] * F[j] + away * F[j - 1]) / (p[j - 1] + away);
    return F[p.length];
  };

  // Shares of all weightings that give low, medium and high.
  const levelShares = (scores, cuts) => {
    const reached = [1, ...cuts.map((cut) => tail(scores.map((score) => score - number(cut)))), 0];
    return reached.slice(0, -1).map((share, i) => share - reached[i + 1]);
  };

  // The category of one place in the table, whatever its axes; 0 leaves it to the recorded route.
  const category = (method, codes, route) =>
    codes.reduce((cell, code) => cell[code], method.category_table) || method.route[route ? 0 : 1];

  // The share of all weightings for each category: every place of the table with the product of its shares.
  const shareOfCategories = (method, shares, route) => {
    const found = method.categories.map(() => 0);
    const walk = (codes, share) => {
      if (codes.length < shares.length)
        shares[codes.length].forEach((next, code) => walk([...codes, code], share * next));
      else found[method.categories.indexOf(category(method, codes, route))] += share;
    };
    walk([], 1);
    return found;
  };

  // Weights of all indicators in a composite as exact texts: within each criterion they count as its weight says.
  const weightsOfComposite = (setting, weights) => setting.flatMap((part, c) => {
    const total = part.weights.map(fraction).reduce(([a, b], [n, d]) => [a * d + n * b, b * d], [0n, 1n]);
    const [wn, wd] = fraction(weights[c]);
    return part.weights.map(fraction).map(([n, d]) => `${n * total[1] * wn}/${d * total[0] * wd}`);
  });

  // Everything the page shows of one proposal; null where a score is unresolved.
  const evaluate = (method, proposal, setting) => {
    if (proposal.scores.some((score) => score === null)) return null;
    let at = 0;
    const sides = method.criteria.map((criterion, i) => {
      const end = at + criterion.indicators.length;
      const exact = proposal.exact.slice(at, end);
      // From the fractions: a score that sums of floats left a step below a cut counts as on it in shares too.
      const scores = exact.map(([above, below]) => Number(above) / Number(below));
      at = end;
      return { exact, scores, ...setting[i], mean: mean(scores, setting[i].weights) };
    });
    const means = sides.map((side) => side.mean);
    if (method.composite) {
      // The last of the setting: weights of the criteria and cuts of the composite.
      const { weights, cuts } = setting[sides.length];
      const all = weightsOfComposite(setting.slice(0, -1), weights);
      const codes = [levelCode(proposal.exact, all, cuts)];
      return { means: [...means, mean(means, weights)], codes, category: category(method, codes, proposal.route), acceptability: null };
    }
    const codes = sides.map((side) => levelCode(side.exact, side.weights, side.cuts));
    const shares = sides.map((side) => levelShares(side.scores, side.cuts));
    return { means, codes, category: category(method, codes, proposal.route),
      acceptability: shareOfCategories(method, shares, proposal.route) };
  };

  // Lower case without accents, so that "educacion" finds "Educación".
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

  return { number, mean, levelCode, tail, levelShares, evaluate, plain };
})();
