// Component libraries write style elements at run time, some (locking the page's scrolling, measuring scroll bars) without
// asking for the nonce the page's policy wants. Every style element made from here on carries it.
import { nonce } from './place';

const create = document.createElement;

function createWithNonce(this: Document, name: string, options?: ElementCreationOptions): HTMLElement {
  const element = create.call(this, name, options);
  if (nonce && element instanceof HTMLStyleElement) element.nonce = nonce;
  return element;
}

document.createElement = createWithNonce as typeof document.createElement;
