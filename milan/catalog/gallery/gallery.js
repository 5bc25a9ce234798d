"use strict";
/* The gallery's page. Data come as scripts (`data/index.js`, then `data/units-N.js` for what is looked at), because
   a page opened from disk may load scripts and pictures and nothing else. Names and phrases are written as text
   nodes only, never as markup. */

const MILAN = (() => {
  const AT_ONCE = 30;
  const WORDS = {
    described: "described", inconsistent: "no consistent description", dead: "dead", never_positive: "never positive",
    pending: "not described yet", preview: "preview: the run goes on", failed: "could not be measured",
  };
  const WHY = {
    inconsistent: "No phrase predicts this unit well enough to be said.",
    dead: "Its activation is the same everywhere, in every image.",
    never_positive: "It varies, but never rises above zero.",
    pending: "Words were not asked for, or are not written yet.",
    failed: "Some of its activations are NaN or infinite, so nothing can be ranked.",
  };
  const AGAINST = { unexplained: "Strong, but the words do not fit", silent: "The words fit, but the unit is silent" };
  const BRIEFLY = { unexplained: "strong without the words", silent: "silent with the words" };
  const $ = (id) => document.getElementById(id);
  let layers = [], units = [], found = [], drawn = 0, highest = 1, chunkSize = 1;
  const chunks = new Map();

  /** An element with properties and children; strings become text. */
  function make(tag, properties = {}, ...children) {
    const node = Object.assign(document.createElement(tag), properties);
    node.append(...children.filter((child) => child !== null));
    return node;
  }

  // ---- data -------------------------------------------------------------------------------------------------

  function index(data) {
    ({ layers, chunkSize } = data);
    units = data.units.map(([layer, number, status, phrase, score, others, trust, explanation, meanings], place) => {
      const address = `${layers[layer][0]}/${layers[layer][1]}/${number}`;
      const said = (phrase || "").toLowerCase();
      const explained = explanation ? explanation[0] : "";
      const text = [said, ...others, explained, ...meanings, address, WORDS[status]].join("\n").toLowerCase();
      return { place, layer, number, status, phrase, score, others, trust, explanation, meanings, address, said, text };
    });
    highest = Math.max(1e-9, ...units.map((unit) => unit.score ?? 0));
    const several = new Set(layers.map((layer) => layer[0])).size > 1;
    options($("layer"), "All layers", layers.map(([network, layer], at) => [at, several ? `${network} ${layer}` : layer]));
    const counts = new Map();
    for (const unit of units) counts.set(unit.status, (counts.get(unit.status) || 0) + 1);
    options($("status"), "Any status", [...counts].map(([status, n]) => [status, `${WORDS[status]} (${n})`]));
    readAddress();
  }

  function options(select, all, list) {
    select.replaceChildren(make("option", { value: "" }, all), ...list.map(([value, text]) => make("option", { value }, text)));
  }

  /** Details of a unit: a promise of what its chunk's script hands to `chunk`. */
  function details(unit) {
    const number = Math.floor(unit.place / chunkSize);
    if (!chunks.has(number)) {
      const waiting = {};
      waiting.promise = new Promise((done, failed) => { waiting.done = done; waiting.failed = failed; });
      chunks.set(number, waiting);
      document.head.append(make("script", {
        src: `data/units-${number}.js`,
        onerror: () => { chunks.delete(number); waiting.failed(new Error(`data/units-${number}.js is missing`)); },
      }));
    }
    return chunks.get(number).promise.then((data) => ({ ...data.units[unit.place % chunkSize], pictures: data.pictures }));
  }

  function chunk(number, data) { chunks.get(number).done(data); }

  // ---- searching --------------------------------------------------------------------------------------------

  const words = () => $("query").value.toLowerCase().split(/\s+/).filter(Boolean);

  function refresh() {
    const asked = words(), layer = $("layer").value, status = $("status").value;
    found = units.filter((unit) => (layer === "" || unit.layer === Number(layer))
      && (status === "" || unit.status === status) && asked.every((word) => unit.text.includes(word)));
    const score = (unit) => unit.score ?? -Infinity;
    const trust = (unit) => (unit.trust ? unit.trust[0] : -Infinity);
    const orders = {
      trusted: (a, b) => trust(b) - trust(a) || a.place - b.place,
      doubted: (a, b) => (b.trust !== null) - (a.trust !== null) || trust(a) - trust(b) || a.place - b.place,
      order: (a, b) => (asked.length ? inPhrase(b, asked) - inPhrase(a, asked) : 0) || a.place - b.place,
      sure: (a, b) => score(b) - score(a) || a.place - b.place,
      unsure: (a, b) => (b.score !== null) - (a.score !== null) || score(a) - score(b) || a.place - b.place,
      words: (a, b) => (b.phrase !== null) - (a.phrase !== null) || a.said.localeCompare(b.said) || a.place - b.place,
    };
    found.sort(orders[$("sort").value]);
    $("count").value = found.length === units.length ? `${units.length} units` : `${found.length} of ${units.length}`;
    drawn = 0;
    $("units").replaceChildren();
    if (!found.length) $("units").append(make("p", { className: "empty" }, "No unit fits. Try fewer words, or all layers."));
    more();
  }

  const inPhrase = (unit, asked) => asked.every((word) => unit.said.includes(word));

  /** Text with the words that were asked for marked. */
  function marked(text) {
    const asked = words().map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
    if (!asked.length) return [text];
    return text.split(new RegExp(`(${asked.join("|")})`, "gi")).map((part, at) => (at % 2 ? make("mark", {}, part) : part));
  }

  // ---- the list ---------------------------------------------------------------------------------------------

  function more() {
    const next = found.slice(drawn, drawn + AT_ONCE);
    drawn += next.length;
    $("units").append(...next.map(card));
  }

  function card(unit) {
    const tiles = make("div", { className: "tiles" }), pictures = make("div", {}, tiles);
    const node = make("article", { className: "unit", tabIndex: 0 }, make("div", {}, ...summary(unit, "h2")), pictures);
    node.onclick = (event) => { if (!event.target.closest("a")) open(unit); };
    node.onkeydown = (event) => { if (event.key === "Enter" && event.target === node) open(unit); };
    node.classList.toggle("quiet", unit.status === "dead");
    nearby.observe(node);
    node.fill = () => fill(tiles, unit).then((known) => { if (known && known.against.length) pictures.append(strip(unit, known)); });
    return node;
  }

  function summary(unit, heading) {
    const phrase = unit.phrase === null
      ? make(heading, { className: "phrase none", title: WHY[unit.status] }, WORDS[unit.status])
      : make(heading, { className: "phrase" }, ...marked(unit.phrase));
    const address = make("a", { className: "address", href: `#${new URLSearchParams({ unit: unit.address })}` }, ...marked(unit.address));
    const parts = [phrase, address];
    if (unit.trust !== null) parts.push(trusted(unit.trust));
    if (unit.score !== null) {
      const bar = unit.trust === null ? make("i") : null;
      if (bar) bar.style.setProperty("--part", `${Math.max(2, Math.min(100, (100 * unit.score) / highest))}%`);
      parts.push(make("div", { className: "score", title: "Score in nats" }, bar, "score", make("b", {}, fixed(unit.score))));
    }
    if (unit.explanation !== null) {
      const [sentence, predicts] = unit.explanation;
      const stated = predicts === null ? null : make("b", { title: "Correlation of these words, weighted" }, ` ${fixed(predicts)}`);
      parts.push(make("p", { className: "explained" }, "together: ", make("q", {}, ...marked(sentence)), stated));
    }
    if (unit.meanings.length) {
      const list = unit.meanings.flatMap((phrase, at) => [at ? " · " : "", ...marked(phrase)]);
      parts.push(make("p", { className: "also" }, `${unit.meanings.length} kinds of pictures: `, ...list));
    }
    const others = unit.others.filter((other) => other !== unit.phrase).slice(0, 3);
    if (others.length) {
      const list = others.flatMap((other, at) => [at ? " · " : "", ...marked(other)]);
      parts.push(make("p", { className: "also" }, unit.phrase === null ? "nearest: " : "or: ", ...list));
    }
    return parts;
  }

  /** The figure of trust: a bar from 0 to 1 whose darker end is the interval, and the numbers. */
  function trusted([value, low, high]) {
    const bar = make("i"), percent = (part) => `${100 * clamp(part ?? 0)}%`;
    bar.style.setProperty("--part", percent(low));
    bar.style.setProperty("--end", percent(high));
    const title = "Faithfulness: correlation of these words with the unit's activation on unseen images, and its 95 % interval";
    return make("div", { className: "score trust", title }, bar, "faithful", make("b", {}, fixed(value)),
      make("span", {}, `${fixed(low)} to ${fixed(high)}`));
  }

  function fill(tiles, unit) {
    return details(unit).then((known) => {
      tiles.classList.toggle("text", known.isText);
      tiles.replaceChildren(...known.exemplars.map((exemplar) => tile(unit, known, exemplar)));
      return known;
    }).catch((error) => { tiles.replaceChildren(make("p", { className: "lost" }, error.message)); });
  }

  // ---- one exemplar -----------------------------------------------------------------------------------------

  function tile(unit, known, [picture, activation, scale, map]) {
    const [, path, words] = known.pictures[picture];
    if (words) return passage(path, words, activation, scale, map);
    const view = seen(known, picture, `exemplar of ${unit.address}, activation ${figure(activation)}`);
    const image = view.querySelector("img");
    if (image) {
      const overlay = make("canvas", { ariaHidden: "true" });
      image.onload = () => light(overlay, image, map, scale);
      view.append(overlay);
    }
    return make("figure", { className: "tile", title: path }, view,
      make("figcaption", {}, figure(activation), make("span", { className: "path" }, path.split("/").pop())));
  }

  /** A passage of a text: each word tinted, blue above zero and red below, the strongest one in view. */
  function passage(path, words, activation, tints, peak) {
    const spans = words.flatMap((word, at) => {
      const tint = tints ? tints[at] : 0;
      const span = make("span", { className: tint > 0 ? "up" : "down", title: tint ? `${tint} % of the passage's largest` : "" }, word);
      span.style.setProperty("--tint", `${0.75 * Math.abs(tint)}%`);
      if (at === peak) span.classList.add("peak");
      return at < peak - 14 || at > peak + 12 ? [make("span", { className: "far" }, span, " ")] : [span, " "];
    });
    const line = make("p", { dir: "auto" }, ...spans);
    return make("figure", { className: "passage", title: path }, make("figcaption", {}, figure(activation),
      make("span", { className: "path" }, path)), line);
  }

  /** A square with a picture, or with its path where the catalog holds none; words of a passage. */
  function seen(known, picture, says) {
    const [file, path, words] = known.pictures[picture];
    if (words) return make("span", { className: "words", dir: "auto" }, words.join(" "));
    const shows = file === null ? make("span", { className: "lost" }, path)
      : make("img", { src: file, loading: "lazy", decoding: "async", alt: `${path}: ${says}` });
    return make("span", { className: "view" }, shows);
  }

  // ---- what speaks against the words ------------------------------------------------------------------------

  /** Small pictures under a card's own: where the words miss the unit, and where they promise too much. */
  function strip(unit, known) {
    const rows = Object.entries(BRIEFLY).map(([kind, label]) => {
      const small = known.against.filter((counter) => counter[1] === kind).map(([picture, , activation]) => {
        const view = seen(known, picture, `${AGAINST[kind]}, activation ${figure(activation)}`);
        view.title = known.pictures[picture][1];
        return view;
      });
      return small.length ? make("div", { title: AGAINST[kind] }, make("span", {}, label), ...small) : null;
    });
    return make("div", { className: "against" }, ...rows.filter((row) => row !== null));
  }

  function against(unit, known, kind) {
    const ofKind = known.against.filter((counter) => counter[1] === kind);
    if (!ofKind.length) return [];
    const tiles = ofKind.map(([picture, , activation, presence]) => {
      const [, path, words] = known.pictures[picture];
      if (words) return passage(path, words, activation);
      const view = seen(known, picture, `${AGAINST[kind]}, activation ${figure(activation)}`);
      return make("figure", { className: "tile", title: path }, view, make("figcaption", {}, figure(activation),
        make("span", { className: "path", title: "How much the words are in the picture, 0 to 1" }, `words ${fixed(presence)}`)));
    });
    return [make("h3", {}, AGAINST[kind]), make("div", { className: known.isText ? "tiles text" : "tiles" }, ...tiles)];
  }

  const signed = (text) => text.replace("-", "−");
  const figure = (value) => (value === null ? "–" : signed(Number(value.toPrecision(3)).toString()));
  const fixed = (value) => (value === null ? "–" : signed(value.toFixed(2)));

  /** Dim what lies outside the region and draw its edge: the map, resized bilinearly, above the level. */
  function light(canvas, image, [height, width, coded], [low, high, asked]) {
    const w = (canvas.width = 2 * image.naturalWidth), h = (canvas.height = 2 * image.naturalHeight);
    const bytes = Uint8Array.from(atob(coded), (c) => c.charCodeAt(0));
    const field = new Float32Array(w * h);
    let top = -Infinity;
    const across = places(width, w), down = places(height, h);
    for (let y = 0, at = 0; y < h; y++) {
      const [row, next, below] = [down.from[y] * width, down.to[y] * width, down.part[y]];
      for (let x = 0; x < w; x++, at++) {
        const [a, b, right] = [across.from[x], across.to[x], across.part[x]];
        const upper = bytes[row + a] * (1 - right) + bytes[row + b] * right;
        const lower = bytes[next + a] * (1 - right) + bytes[next + b] * right;
        const value = low + ((high - low) / 255) * (upper * (1 - below) + lower * below);
        field[at] = value;
        if (value > top) top = value;
      }
    }
    const level = Math.min(asked, top - 1e-6 * Math.max(1e-30, Math.abs(top)));
    const context = canvas.getContext("2d"), pixels = context.createImageData(w, h), data = pixels.data;
    const thick = w / 160;
    for (let y = 0, at = 0; y < h; y++) {
      for (let x = 0; x < w; x++, at++) {
        const value = field[at];
        const dx = (field[at + (x < w - 1 ? 1 : 0)] - field[at - (x > 0 ? 1 : 0)]) / 2;
        const dy = (field[at + (y < h - 1 ? w : 0)] - field[at - (y > 0 ? w : 0)]) / 2;
        const slope = Math.hypot(dx, dy);
        // Pixels to the edge, positive inside; on a plateau there is no edge near.
        const inside = slope > 0 ? (value - level) / slope : (value > level ? 1e3 : -1e3);
        const edge = clamp(thick + 0.5 - Math.abs(inside));
        const dim = 0.6 * clamp(0.5 - inside);
        const alpha = edge + dim * (1 - edge);
        const shade = alpha ? (255 * edge) / alpha : 0;
        data[4 * at] = data[4 * at + 1] = data[4 * at + 2] = shade;
        data[4 * at + 3] = 255 * alpha;
      }
    }
    context.putImageData(pixels, 0, 0);
  }

  const clamp = (value) => Math.max(0, Math.min(1, value));

  /** Which two cells a pixel lies between, and how far along: half-pixel centres, edges kept. */
  function places(from, to) {
    const found = { from: new Uint16Array(to), to: new Uint16Array(to), part: new Float32Array(to) };
    for (let at = 0; at < to; at++) {
      const centre = Math.max(0, Math.min(from - 1, ((at + 0.5) * from) / to - 0.5));
      found.from[at] = Math.floor(centre);
      found.to[at] = Math.min(found.from[at] + 1, from - 1);
      found.part[at] = centre - found.from[at];
    }
    return found;
  }

  // ---- one unit ---------------------------------------------------------------------------------------------

  let shown = null;

  function open(unit) {
    shown = unit;
    const tiles = make("div", { className: "tiles" }), rest = make("div");
    const step = (by, text, label) => make("button", { type: "button", ariaLabel: label, onclick: () => walk(by) }, text);
    const close = make("button", { type: "button", ariaLabel: "Close", autofocus: true, onclick: () => $("sheet").close() }, "×");
    const head = summary(unit, "h2").filter((part) => part.className !== "also");
    head[0].id = "sheet-title";
    const why = WHY[unit.status] ? make("p", { className: "also" }, WHY[unit.status]) : null;
    $("sheet").replaceChildren(make("div", { className: "sheet" },
      make("div", { className: "walk" }, step(-1, "←", "Previous unit"), step(1, "→", "Next unit"), close),
      ...head, why, make("h3", {}, "Strongest first"), tiles, rest));
    if (!$("sheet").open) $("sheet").showModal();
    $("sheet").scrollTop = 0;
    fill(tiles, unit).then((known) => { if (known && shown === unit) rest.append(...evidence(unit, known)); });
    writeAddress();
  }

  function evidence(unit, known) {
    const parts = [];
    if (!known.exemplars.length) parts.push(make("p", { className: "also" }, "No exemplars."));
    parts.push(...against(unit, known, "unexplained"), ...against(unit, known, "silent"));
    parts.push(...topWords("Top words", known.topWords), ...topWords("Lowest words", known.lowestWords));
    parts.push(...known.freeText.map(([title, said]) => make("p", { className: "also", dir: "auto" }, `${title}: ${said}`)));
    if (known.downward.length) {
      const tiles = make("div", { className: known.isText ? "tiles text" : "tiles" }, ...known.downward.map((exemplar) => tile(unit, known, exemplar)));
      parts.push(make("h3", {}, "Lowest first", ...lowest(known)), tiles);
    }
    known.meanings.forEach((ranks, at) => {
      const tiles = ranks.filter((rank) => rank < known.exemplars.length).map((rank) => tile(unit, known, known.exemplars[rank]));
      parts.push(make("h3", {}, `Kind ${at + 1} of ${known.meanings.length}: `, ...marked(unit.meanings[at])),
        make("div", { className: "tiles small" }, ...tiles));
    });
    if (known.bands.length) {
      const rows = known.bands.map(([level, phrase]) => make("tr", {}, make("td", {}, level), make("td", {}, ...marked(phrase))));
      parts.push(make("h3", { title: "What sets images of this level apart from all weaker ones" }, "By level of activation"),
        make("table", {}, make("tbody", {}, ...rows)));
    }
    if (known.candidates.length) {
      const number = (value) => make("td", { className: "number" }, fixed(value));
      const heads = ["phrase", "score", "log p(d|E)", "log p(d)", "from"].map((text, at) => make("th", { className: at % 4 ? "number" : "" }, text));
      const rows = known.candidates.map(([phrase, score, given, prior, source], at) => make("tr", { className: at === 0 && unit.phrase !== null ? "said" : "" },
        make("td", {}, ...marked(phrase)), number(score), number(given), number(prior), make("td", {}, source)));
      const table = make("table", {}, make("thead", {}, make("tr", {}, ...heads)), make("tbody", {}, ...rows));
      parts.push(make("h3", {}, `What was considered (λ = ${figure(known.lambda)})`), make("div", { className: "scroll" }, table));
    }
    known.studies.forEach(([study, findings]) => parts.push(...studied(study, findings)));
    if (known.figures !== null) {
      const [n, peak, precision, f1] = known.figures;
      parts.push(make("p", { className: "also" }, `Measured on ${n} ${known.isText ? "words" : "images"}: correlation with the ${known.isText ? "" : "mean "}activation `
        + `${fixed(unit.trust[0])}${known.isText ? "" : `, with the peak ${fixed(peak)}`}; AUPRC ${fixed(precision)}, F1 ${fixed(f1)}.`));
    }
    if (known.threshold !== null) parts.push(make("p", { className: "also" }, `Active above ${figure(known.threshold)}.`));
    return parts;
  }

  /** What a study measured of the unit: each figure with its interval, and what chance would give. */
  function studied(study, findings) {
    const number = (text) => make("td", { className: "number" }, text);
    const heads = ["of", "figure", "value", "95 % interval", "by chance", "n"].map((text, at) => make("th", { className: at > 1 ? "number" : "" }, text));
    const rows = findings.map(([about, measure, value, low, high, chance, n]) => make("tr", {},
      make("td", {}, make("bdi", {}, about)), make("td", {}, measure), number(figure(value)),
      number(low === null ? "" : `${figure(low)} to ${figure(high)}`), number(chance === null ? "" : figure(chance)), number(String(n))));
    const table = make("table", {}, make("thead", {}, make("tr", {}, ...heads)), make("tbody", {}, ...rows));
    return [make("h3", {}, "Study: ", make("bdi", {}, study)), make("div", { className: "scroll" }, table)];
  }

  /** Words of highest mean activation, in standard deviations, with how often each stands in the text. */
  function topWords(title, list) {
    if (!list.length) return [];
    const said = list.flatMap(([word, activation, n], at) => [at ? " · " : "", make("bdi", { title: `${n} times` }, word), ` ${fixed(activation)}`]);
    return [make("p", { className: "also", title: "Mean activation in standard deviations" }, `${title}: `, ...said)];
  }

  /** What is said of the lowest activations. */
  function lowest(known) {
    if (known.lowest === null) return [];
    const [phrase, status, faithful] = known.lowest;
    return [": ", ...(phrase === null ? [WORDS[status]] : marked(phrase)), faithful === null ? "" : ` (faithful ${fixed(faithful)})`];
  }

  function walk(by) {
    const next = found[found.indexOf(shown) + by];
    if (next) open(next);
  }

  // ---- address and keys -------------------------------------------------------------------------------------

  function writeAddress() {
    const state = new URLSearchParams();
    if ($("query").value) state.set("q", $("query").value);
    if ($("layer").value) state.set("layer", layers[$("layer").value].join("/"));
    if ($("status").value) state.set("status", $("status").value);
    if ($("sort").value !== "order") state.set("sort", $("sort").value);
    if (shown) state.set("unit", shown.address);
    history.replaceState(null, "", `#${state}`);
  }

  function readAddress() {
    const state = new URLSearchParams(location.hash.slice(1));
    const layer = layers.findIndex((names) => names.join("/") === state.get("layer"));
    $("query").value = state.get("q") || "";
    $("layer").value = layer < 0 ? "" : String(layer);
    $("status").value = state.get("status") || "";
    $("sort").value = state.get("sort") || "order";
    for (const [id, usual] of [["status", ""], ["sort", "order"]]) if ($(id).selectedIndex < 0) $(id).value = usual;
    refresh();
    const unit = units.find((one) => one.address === state.get("unit"));
    if (unit) open(unit);
    else if ($("sheet").open) $("sheet").close();
  }

  function keys(event) {
    const typing = event.target.matches("input[type=search], select");
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (typing) {
      if (event.key === "Escape") { $("query").value = ""; changed(); event.target.blur(); }
      return;
    }
    if (event.key === "r") { $("regions").checked = !$("regions").checked; showRegions(); }
    if ($("sheet").open) {
      if (event.key === "ArrowRight" || event.key === "j") walk(1);
      if (event.key === "ArrowLeft" || event.key === "k") walk(-1);
      return;
    }
    if (event.key === "/") { event.preventDefault(); $("query").focus(); $("query").select(); }
    if (event.key === "j" || event.key === "k") {
      const cards = [...$("units").children], at = cards.indexOf(document.activeElement.closest(".unit"));
      const next = cards[event.key === "j" ? at + 1 : Math.max(0, at - 1)];
      if (next) { next.focus(); next.scrollIntoView({ block: "nearest" }); }
    }
  }

  function changed() { refresh(); writeAddress(); }
  function showRegions() { document.body.classList.toggle("whole", !$("regions").checked); }

  const nearby = new IntersectionObserver((entries) => {
    for (const entry of entries) if (entry.isIntersecting) { nearby.unobserve(entry.target); entry.target.fill(); }
  }, { rootMargin: "600px" });
  new IntersectionObserver((entries) => { if (entries[0].isIntersecting && drawn < found.length) more(); },
    { rootMargin: "1500px" }).observe($("more"));
  $("bar").onsubmit = (event) => event.preventDefault();
  $("query").oninput = changed;
  for (const id of ["layer", "status", "sort"]) $(id).onchange = changed;
  $("regions").onchange = showRegions;
  $("sheet").onclose = () => { shown = null; $("sheet").replaceChildren(); writeAddress(); };
  $("sheet").onclick = (event) => { if (event.target === $("sheet")) $("sheet").close(); };
  window.onhashchange = readAddress;
  document.onkeydown = keys;
  return { index, chunk };
})();
