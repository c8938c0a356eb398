// Small things to draw with. Text is always set as text, never as HTML.
const icons = () => document.body.dataset.icons;

/** h("p", {class: "meta"}, "text", child) */
export function h(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (value === true) node.setAttribute(key, "");
    else if (value !== false && value != null) node.setAttribute(key, value);
  }
  node.append(...children.flat().filter((child) => child !== "" && child != null && child !== false));
  return node;
}

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "i");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${icons()}#${name}`);
  svg.append(use);
  return svg;
}

export const button = (label, glyph, kind, act, more = {}) =>
  h("button", { type: "button", class: `button ${kind}`, onclick: act, ...more }, glyph && icon(glyph), h("span", {}, label));

export const link = (label, glyph, kind, href) =>
  h("a", { class: `button ${kind}`, href }, glyph && icon(glyph), h("span", {}, label));

export const tag = (label, tone, glyph) => h("span", { class: `tag ${tone}` }, glyph && icon(glyph), label);

export const note = (tone, glyph, ...children) => h("div", { class: `note ${tone}`, role: "status" }, icon(glyph), h("div", { class: "grow" }, ...children));

export function say(text) {
  document.getElementById("said").textContent = text;
}

export function head(title, back, ...side) {
  const left = back
    ? h("a", { class: "side", href: back, "aria-label": "返回" }, icon("chevron-left"))
    : h("a", { class: "side", href: "/desk/visits/", "aria-label": "工作台" }, icon("menu"));
  return h("header", { class: "head" }, left, h("h1", {}, title), h("span", { class: "side" }, ...side));
}

export function show(headNode, mainNodes, dockNodes = []) {
  document.getElementById("head").replaceChildren(headNode);
  document.getElementById("main").replaceChildren(...mainNodes.flat().filter(Boolean));
  const dock = document.getElementById("dock");
  dock.className = dockNodes.length ? "dock" : "";
  dock.replaceChildren(...(dockNodes.length ? [h("div", { class: "bar" }, ...dockNodes)] : []));
}

export const clock = (at) => {
  const day = new Date(at);
  return `${day.getHours()}:${String(day.getMinutes()).padStart(2, "0")}`;
};

export const dayWords = (iso) => {
  const [, month, day] = iso.split("-");
  return `${Number(month)}月${Number(day)}日`;
};
