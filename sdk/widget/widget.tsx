/**
 * The one script tag: `<script src="https://host/widget.js" data-channel="web" defer></script>`, perhaps with
 * `data-language="it"`, defines the element `<parley-widget>`, places one, and answers `window.parley`. `data-workspace`
 * says to which workspace its visitors belong, where there are several. A page that places the element by hand says
 * `data-manual`.
 */
import { answerPage } from './page.ts';
import { ParleyWidget } from './element.tsx';

const script = document.currentScript instanceof HTMLScriptElement ? document.currentScript : null;
ParleyWidget.home = script?.src ? new URL('.', script.src).href : location.href;
if (!customElements.get('parley-widget')) customElements.define('parley-widget', ParleyWidget);

function place() {
  const placed = document.querySelector('parley-widget');
  if (placed instanceof ParleyWidget) return answerPage(placed);
  if (!script || 'manual' in script.dataset) return;
  const widget = document.createElement('parley-widget');
  for (const [name, value] of Object.entries(script.dataset)) widget.setAttribute(name, value ?? '');
  document.body.append(widget);
  if (widget instanceof ParleyWidget) answerPage(widget);
}

if (document.body) place();
else addEventListener('DOMContentLoaded', place, { once: true });
