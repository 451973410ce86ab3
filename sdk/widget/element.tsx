/**
 * `<parley-widget url workspace channel heading language theme open>`: a bubble that opens into a panel. Everything lives in a shadow
 * root, so that the page's styles and the widget's cannot meet. The attribute `open` is the truth about being open.
 */
import { render } from 'preact';
import { createClient, type Client, type Fields, type GetToken } from '../index.ts';
import { keep, kept } from '../ui/keep.ts';
import { Bubble } from './bubble.tsx';
import { WISHED } from './strings.ts';
import css from './widget.css';

/** Says that this browser has talked before: only then is there something to listen for while the panel is closed. */
const TALKED = 'parley.talked';

export class ParleyWidget extends HTMLElement {
  static readonly observedAttributes = ['open', 'url', 'workspace', 'channel', 'heading'];
  /** Where the script came from: the gateway, unless the attribute `url` says otherwise. */
  static home = '';

  readonly #root = this.attachShadow({ mode: 'open' });
  readonly #listeners = new Set<(unread: number) => void>();
  #client: Client | null = null;
  /** A page that is gone says so; one that the browser keeps for the way back stays as it is. */
  readonly #hidden = (event: PageTransitionEvent) => {
    if (!event.persisted) this.#client?.close();
  };
  #getToken: GetToken | undefined;
  /** Who has fields to set as soon as there is a client. */
  readonly #early: ((client: Client) => void)[] = [];
  #unread = 0;

  connectedCallback(): void {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    this.#root.adoptedStyleSheets = [sheet];
    addEventListener('pagehide', this.#hidden);
    this.#draw();
  }

  disconnectedCallback(): void {
    removeEventListener('pagehide', this.#hidden);
    this.#leave();
    render(null, this.#root);
  }

  attributeChangedCallback(name: string): void {
    if (name === 'url' || name === 'workspace' || name === 'channel') this.#leave();
    this.#draw();
  }

  /** The visitor has signed in to the page: what they wrote stays theirs. */
  async identify(getToken: GetToken, fields?: Fields): Promise<void> {
    this.#getToken = getToken;
    await this.#client?.identify(getToken);
    this.#draw();
    if (fields) await this.setFields(fields);
  }

  /** What the page knows of the visitor; kept until they talk, if they have not yet. */
  setFields(fields: Fields): Promise<void> {
    if (this.#client) return this.#client.setFields(fields);
    return new Promise((resolve) => this.#early.push((client) => resolve(client.setFields(fields))));
  }

  /** Called at once with the number of unread messages, and whenever it changes. Returns how to stop. */
  onUnread(listener: (unread: number) => void): () => void {
    this.#listeners.add(listener);
    listener(this.#unread);
    return () => this.#listeners.delete(listener);
  }

  /** A visitor who never opens the panel costs the gateway nothing: the client is made when there is a reason. */
  #connect(): Client | null {
    if (this.#client) return this.#client;
    if (!this.hasAttribute('open') && !this.#getToken && kept(TALKED) === null) return null;
    this.#client = createClient({
      url: this.getAttribute('url') ?? ParleyWidget.home,
      channel: this.#channel,
      workspace: this.getAttribute('workspace') ?? undefined,
      language: this.getAttribute('language') ?? WISHED,
      ...(this.#getToken && { getToken: this.#getToken }),
    });
    this.#client.unread.subscribe((unread) => this.#tell(unread));
    for (const set of this.#early.splice(0)) set(this.#client);
    return this.#client;
  }

  get #channel(): string {
    return this.getAttribute('channel') ?? 'web';
  }

  #tell(unread: number): void {
    if (unread === this.#unread) return;
    this.#unread = unread;
    for (const listener of this.#listeners) listener(unread);
  }

  #leave(): void {
    this.#client?.close();
    this.#client = null;
  }

  #draw(): void {
    if (!this.isConnected) return;
    render(
      <Bubble client={this.#connect()} channel={this.#channel} heading={this.getAttribute('heading')}
        open={this.hasAttribute('open')} onOpen={(open) => this.toggleAttribute('open', open)}
        onTalk={() => keep(TALKED, 'yes')} />,
      this.#root,
    );
  }
}
