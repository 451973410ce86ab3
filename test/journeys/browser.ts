/** A real browser: pages with an identity of their own, what axe finds on them, and pictures for whoever wants to look. */
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
/** Folder for screenshots; none are taken without it. */
const SHOTS = process.env['PARLEY_SHOTS'];
export const SCHEMES = ['light', 'dark'] as const;
/** The longest that anything may take to be seen. */
export const PATIENCE_MS = 30_000;

export function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
}

/** Nothing of another page's storage is seen here. */
export async function newPage(browser: Browser, width: number, height: number, locale = 'en-US'): Promise<Page> {
  const context = await browser.newContext({ bypassCSP: true, locale, viewport: { width, height }, reducedMotion: 'reduce' });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  return page;
}

interface Axe {
  run(context: unknown, options: unknown): Promise<{ violations: { id: string; nodes: { html: string; failureSummary: string }[] }[] }>;
}

/** What keeps somebody out of the page as it is shown now, a sentence for each place. */
export async function keepsOut(page: Page): Promise<string[]> {
  if (!await page.evaluate(() => 'axe' in globalThis)) await page.evaluate(AXE);
  return page.evaluate(async (rules) => {
    const { axe } = globalThis as unknown as { axe: Axe };
    const { violations: all } = await axe.run(document, { runOnly: rules });
    return all.map(({ id, nodes }) => `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join(' | ')}`);
  }, RULES);
}

/** What keeps somebody out, light and dark, a sentence for each place. Pictures are taken as `name`. */
export async function violations(page: Page, name: string): Promise<string[]> {
  const found: string[] = [];
  for (const colorScheme of SCHEMES) {
    await page.emulateMedia({ colorScheme });
    if (SHOTS !== undefined) {
      mkdirSync(SHOTS, { recursive: true });
      await page.screenshot({ path: join(SHOTS, `${name}.${colorScheme}.png`) });
    }
    found.push(...await keepsOut(page));
  }
  return found.map((one) => `${name}: ${one}`);
}
