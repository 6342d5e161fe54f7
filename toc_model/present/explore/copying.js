// Copying, and saying that it was done.
import { make } from "./dom.js";

const SHOWN = 2500;

// A button that copies what `textOf()` gives, and says so.
export function copyButton(label, textOf) {
  const told = make("span", { class: "done", role: "status" });
  const button = make("button", {
    type: "button",
    text: label,
    onClick: async () => {
      told.textContent = (await copied(textOf())) ? "Copied" : "Could not copy; please select the text";
      setTimeout(() => {
        told.textContent = "";
      }, SHOWN);
    },
  });
  return make("span", { class: "copy" }, button, told);
}

// The clipboard, or a selection where a page that was opened from a file may not use it.
async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = make("textarea", { class: "hidden", readonly: true });
    const focused = document.activeElement;
    field.value = text;
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    focused?.focus();
    return done;
  }
}

// Hand somebody a file.
export function download(name, content, kind) {
  const address = URL.createObjectURL(
    content instanceof Blob ? content : new Blob([content], { type: `${kind};charset=utf-8` }),
  );
  const link = make("a", { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
}
