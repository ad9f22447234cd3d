/** The one script: defines the element, and puts one on a page that has none. */

import { chatElement } from './element';
import { type Name, NAMES } from './options';

const NAME = 'techniekpact-chat';

const script = document.currentScript as HTMLScriptElement | null;
const data: Partial<Record<Name, string>> = {};
for (const name of NAMES) {
  const value = script?.getAttribute(`data-${name}`);
  if (value) data[name] = value;
}

function place(): void {
  if (!document.querySelector(NAME)) document.body.append(document.createElement(NAME));
}

// A second copy of the script changes nothing.
if (!customElements.get(NAME)) {
  customElements.define(NAME, chatElement({ origin: new URL(script?.src || location.href).origin, data }));
  if (document.body && document.readyState !== 'loading') place();
  else document.addEventListener('DOMContentLoaded', place, { once: true });
}
