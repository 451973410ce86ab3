/**
 * What a flow's HTTP request may reach: public addresses at the ports of the web, and what the operator's own file allows.
 * Whoever writes a flow is not trusted to name hosts behind the operator's walls, nor is any name server.
 */
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { Unanswered } from './unanswered.ts';

/** As the settings name one. Without a port: 80 and 443. */
export interface Host {
  /** As URLs have it, in lower case, without brackets and without a last dot; addresses in their shortest form. */
  name: string;
  port: number | undefined;
}

/** Where a request goes. */
export interface Target {
  url: URL;
  name: string;
  port: number;
}

const WEB = [80, 443];
const LONGEST_PORT = 65_535;
const LONGEST_URL = 8_000;
/** Addresses that are public by their range, and lead to what the operator's provider keeps for its machines (Azure's). */
const PROVIDERS = ['168.63.129.16'];
/** All that has been given out for the public internet lies here; `::a.b.c.d` and the like do not. */
const GLOBAL_IPV6: [ipaddr.IPv6, number] = [ipaddr.IPv6.parse('2000::'), 3];

/** `name` or `name:port`; undefined for anything else. */
export function hostOf(text: string): Host | undefined {
  const [, own, port] = /^(\[[\da-f:.]+\]|[^\s:/@?#\\[\]%]+)(?::(\d{1,5}))?$/i.exec(text) ?? [];
  if (own === undefined || !URL.canParse(`http://${own}/`) || Number(port ?? 1) < 1 || Number(port ?? 1) > LONGEST_PORT) return undefined;
  return { name: nameOf(new URL(`http://${own}/`)), port: port === undefined ? undefined : Number(port) };
}

export function covers(hosts: readonly Host[], name: string, port: number): boolean {
  return hosts.some((host) => host.name === name && (host.port === undefined ? WEB.includes(port) : host.port === port));
}

/** @throws Unanswered for a URL that nothing is sent to, whatever its host turns out to be */
export function targetOf(text: string, allow: readonly Host[]): Target {
  if (text.length > LONGEST_URL) throw new Unanswered(`the URL is longer than ${LONGEST_URL} characters`);
  if (!URL.canParse(text)) throw new Unanswered('the URL is none; it begins with https:// or http://');
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw new Unanswered(`the URL begins with ${url.protocol}; only https: and http: are called`);
  if (url.username !== '' || url.password !== '') throw new Unanswered('the URL holds a name or password; use a header with a secret');
  const port = url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port);
  const name = nameOf(url);
  if (!WEB.includes(port) && !covers(allow, name, port)) throw new Unanswered(`port ${port} is not called; ${allowing(`${url.hostname}:${port}`)}`);
  return { url, name, port };
}

/** @throws Unanswered when any of a host's addresses is out of bounds */
export function guard({ name, port, url }: Target, addresses: readonly string[], allow: readonly Host[]): void {
  if (addresses.length === 0) throw new Unanswered('the host has no address', { again: true });
  // Whom the operator names they vouch for, wherever the name leads.
  if (covers(allow, name, port)) return;
  for (const address of addresses) {
    if (isPublic(address) || covers(allow, shortest(address), port)) continue;
    throw new Unanswered(`the host is not a public one; ${allowing(WEB.includes(port) ? url.hostname : `${url.hostname}:${port}`)}`);
  }
}

export function isPublic(address: string): boolean {
  // One with a zone belongs to a link of this machine.
  if (isIP(address) === 0 || address.includes('%')) return false;
  const ip = ipaddr.process(address);
  if (ip.range() !== 'unicast' || PROVIDERS.includes(ip.toString())) return false;
  return ip.kind() === 'ipv4' || ip.match(GLOBAL_IPV6);
}

function nameOf({ hostname }: URL): string {
  const name = hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  return isIP(name) === 0 ? name : shortest(name);
}

/** An IPv4 address in the clothes of IPv6 is the IPv4 address. */
function shortest(address: string): string {
  return isIP(address) === 0 ? address : ipaddr.process(address).toString();
}

function allowing(host: string): string {
  return `the operator can allow it in the settings file, under http.allow: "${host}"`;
}
