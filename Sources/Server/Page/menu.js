// A menu of commands at a button: arrows move, Escape and a click elsewhere close it.

import { h, icon } from "./dom.js";

/**
 * @param {HTMLElement} button where it opens
 * @param {{icon: string, label: string, isDangerous?: boolean, run: () => void}[]} commands
 */
export function openMenu(button, commands) {
  document.querySelector(".menu")?.dispatchEvent(new Event("dismiss"));
  const items = commands.map((command) => h("button", {
    type: "button", role: "menuitem", class: command.isDangerous ? "danger" : null,
    on: { click: () => { close(true); command.run(); } },
  }, icon(command.icon), command.label));
  const menu = h("div", { class: "menu", role: "menu" }, ...items);

  function close(returnsFocus) {
    menu.remove();
    button.setAttribute("aria-expanded", "false");
    document.removeEventListener("pointerdown", outside, true);
    window.removeEventListener("resize", dismiss);
    if (returnsFocus) button.focus();
  }
  const dismiss = () => close(false);
  const outside = (event) => { if (!menu.contains(event.target)) dismiss(); };

  menu.addEventListener("dismiss", dismiss);
  menu.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      const place = items.indexOf(document.activeElement);
      items[(place + step + items.length) % items.length].focus();
    } else if (event.key === "Escape" || event.key === "Tab") close(true);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  document.addEventListener("pointerdown", outside, true);
  window.addEventListener("resize", dismiss);
  document.body.append(menu);
  place(menu, button);
  button.setAttribute("aria-expanded", "true");
  items[0].focus();
}

function place(menu, button) {
  const at = button.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = menu;
  const left = Math.min(Math.max(8, at.right - width), innerWidth - width - 8);
  const top = at.bottom + height + 8 > innerHeight ? at.top - height - 4 : at.bottom + 4;
  menu.style.left = `${left}px`;
  menu.style.top = `${Math.max(8, top)}px`;
}
