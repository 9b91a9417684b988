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

  // Does the veto bar a proposal from the best category: 2, or 1 where a lacking third evaluation would decide?
  // `choices` holds every score that each indicator could have; a score on the limit is not below it.
  const MAY_BE_BARRED = 1, BARRED = 2;
  const barredBy = (method, choices) => {
    if (method.veto === undefined) return 0;
    const [vn, vd] = fraction(method.veto);
    const below = ([n, d]) => BigInt(n) * vd < vn * BigInt(d);
    if (choices.some((scores) => scores.every(below))) return BARRED;
    return choices.some((scores) => scores.some(below)) ? MAY_BE_BARRED : 0;
  };
  // Places of the indicators below the limit, where the veto gave the next category in place of the best one.
  const vetoing = (method, exact, found) => (barredBy(method, exact.map((score) => [score])) && found === method.categories[0]
    ? exact.flatMap((score, i) => (barredBy(method, [[score]]) ? [i] : [])) : []);

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

  // Small exact fractions [numerator, denominator] of whole numbers, in lowest terms.
  const gcd = (a, b) => (b ? gcd(b, a % b) : Math.abs(a));
  const lowest = ([n, d]) => { const unit = gcd(n, d) || 1; return [n / unit, d / unit]; };
  const value = ([n, d]) => n / d;
  const plus = ([a, b], [n, d]) => lowest([a * d + n * b, b * d]);
  const over = ([n, d], by) => lowest([n, d * by]);
  const order = ([a, b], [n, d]) => a * d - n * b;
  const ordered = (...all) => all.sort(order);
  const exactly = (number) => {
    let d = 1;
    while (!Number.isInteger(number * d) && d < 1000) d *= 10;
    return lowest([Math.round(number * d), d]);
  };
  const distinct = (all) => [...new Map(all.map((one) => [one.join("/"), one])).values()];

  // What a third rating makes of a pair that differs (assessment.adjudication.decide).
  const decide = (first, second, third, rule) => {
    if (rule === "replace") return third;
    const [low, median, high] = ordered(first, second, third);
    const all = over(plus(plus(low, median), high), 3);
    if (rule === "median") return median;
    if (rule === "mean") return all;
    const below = plus(median, [-low[0], low[1]]), above = plus(high, [-median[0], median[1]]);
    const nearer = order(below, above);
    return nearer === 0 ? all : nearer < 0 ? over(plus(low, median), 2) : over(plus(median, high), 2);
  };

  // Every score that a pair could have: one, or several where a third evaluation is lacking.
  const NEGLIGIBLE = 1e-9;
  const scoresOfPair = (pair, rules, thirds) => {
    if (pair.length === 1) return [pair[0]];
    const [first, second, centre, third] = pair;
    if (first === null || second === null) return [first === null ? second : first];
    if (Math.abs(value(first) - value(second)) > rules.tolerance + NEGLIGIBLE) {
      if (third !== null) return [decide(first, second, third, rules.third_rule)];
      if (rules.missing_third === "mean") return [centre];
      return distinct(thirds.map((given) => decide(first, second, exactly(given), rules.third_rule)));
    }
    const [low, high] = ordered(first, second);
    return [{ mean: centre, lower: low, higher: high }[rules.matching_rule]];
  };

  // Every score that an indicator could have, panels combined; null where it has none.
  const scoresOfIndicator = (pairs, { pairs: names, there }, rules, thirds) => {
    const alone = names.length > 1 ? names.indexOf(rules.panel_rule) : -1;
    const counted = (pair, k) => (rules.missing === "available" ? pair !== null : names.length === 1 || there[k]);
    const used = alone >= 0 ? [pairs[alone]] : pairs.filter(counted);
    if (!used.length || used.some((pair) => pair === null)) return null;
    const options = used.map((pair) => scoresOfPair(pair, rules, thirds));
    const least = rules.panel_rule === "minimum";
    const joined = options.reduce((some, more) => distinct(some.flatMap((one) =>
      more.map((other) => (least ? ordered(one, other)[0] : plus(one, other))))));
    return least ? joined : distinct(joined.map((sum) => over(sum, used.length)));
  };

  // The scores of each indicator of a proposal under other rules; indicators that nobody rates keep theirs.
  const options = (method, proposal, rules) => {
    let at = -1;
    return method.criteria.flatMap((criterion) => criterion.indicators.map((_, i) => {
      at += 1;
      const pairs = proposal.pairs[at];
      if (!pairs.length) return proposal.exact[at] && [proposal.exact[at]];
      return scoresOfIndicator(pairs, criterion, rules, criterion.thirds[i]);
    }));
  };

  // Every level that scores could reach under exact weights and cuts: sums are counted, not ways.
  const levelsReached = (choices, weights, cuts) => {
    const parts = weights.map(fraction);
    const unit = choices.flat().reduce((all, [, d]) => all * d / gcd(all, d), 1);
    const common = parts.reduce((all, [, d]) => all * d, 1n);
    const whole = parts.map(([n, d]) => n * common / d);
    let sums = new Set([0n]);
    choices.forEach((scores, i) => {
      const added = scores.map(([n, d]) => whole[i] * BigInt(n) * BigInt(unit / d));
      sums = new Set([...sums].flatMap((sum) => added.map((more) => sum + more)));
    });
    const total = whole.reduce((sum, weight) => sum + weight, 0n) * BigInt(unit);
    return [...new Set([...sums].map((sum) => cuts.filter((cut) => {
      const [cn, cd] = fraction(cut);
      return sum * cd >= cn * total;
    }).length))];
  };

  // What the page shows of a proposal whose third evaluations are lacking: its category where all ways agree.
  const evaluateOpen = (method, choices, route, setting) => {
    let at = 0;
    const own = method.criteria.map((criterion) => choices.slice(at, at += criterion.indicators.length));
    const means = own.map((scores, i) => (scores.every((some) => some.length === 1)
      ? mean(scores.map(([only]) => value(only)), setting[i].weights) : null));
    const last = setting[own.length];
    const levels = method.composite
      ? [levelsReached(choices, weightsOfComposite(setting.slice(0, -1), last.weights), last.cuts)]
      : own.map((scores, i) => levelsReached(scores, setting[i].weights, setting[i].cuts));
    const codes = levels.reduce((some, more) => some.flatMap((begun) => more.map((code) => [...begun, code])), [[]]);
    const barred = barredBy(method, choices);
    const [best, next] = method.categories;
    const allowed = (found) => (found !== best || !barred ? [found] : barred === BARRED ? [next] : [best, next]);
    const possible = [...new Set(codes.flatMap((each) => allowed(category(method, each, route))))];
    return { means: method.composite ? [...means, null] : means, possible: possible.sort((a, b) => a - b),
      category: possible.length === 1 ? possible[0] : null, acceptability: null };
  };

  // Everything the page shows of one proposal under some rules; null where a score is missing.
  const evaluateUnder = (method, proposal, setting, rules) => {
    const choices = options(method, proposal, rules);
    if (choices.some((some) => some === null)) return null;
    if (choices.some((some) => some.length > 1)) return evaluateOpen(method, choices, proposal.route, setting);
    const exact = choices.map(([only]) => only);
    return evaluate(method, { ...proposal, exact, scores: exact.map(value) }, setting);
  };

  // The category of a proposal at some levels, with the veto; `freely` is the one without it.
  const ruled = (method, proposal, codes) => {
    const freely = category(method, codes, proposal.route);
    const vetoed = vetoing(method, proposal.exact, freely);
    return { category: vetoed.length ? method.categories[1] : freely, freely, vetoed };
  };

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
      return { means: [...means, mean(means, weights)], codes, ...ruled(method, proposal, codes), acceptability: null };
    }
    const codes = sides.map((side) => levelCode(side.exact, side.weights, side.cuts));
    const shares = sides.map((side) => levelShares(side.scores, side.cuts));
    const acceptability = shareOfCategories(method, shares, proposal.route);
    // What the veto bars has the next category under every weighting that gave the best one.
    if (barredBy(method, proposal.exact.map((score) => [score]))) acceptability.splice(0, 2, 0, acceptability[0] + acceptability[1]);
    return { means, codes, ...ruled(method, proposal, codes), acceptability };
  };

  // Lower case without accents, so that "educacion" finds "Educación".
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

  return { number, mean, levelCode, tail, levelShares, evaluate, evaluateUnder, plain };
})();
