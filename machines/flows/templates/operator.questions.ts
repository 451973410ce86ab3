/**
 * What the template "Customer or prospect" asks after its first question: the contact details of customers, the
 * qualification of everybody else. What the contact has already is not asked for.
 */
import type { Ask, Step } from '../flow.ts';
import type { Operator } from './operator.parameters.ts';

/** What qualifies a prospect, in the order in which it is asked. */
export const ASKED = ['email', 'company', 'size', 'need'] as const;

/** Ask for it, and how; what is not answered is left out, and after a silence the flow goes on at `then`. */
function optional(ask: Omit<Ask, 'do' | 'onInvalid' | 'onTimeout'>, then: string): Ask {
  return {
    ...ask, do: 'ask', onInvalid: [],
    onTimeout: [{ id: `${ask.id}-silent`, name: 'Ask no more', do: 'jump', to: then, times: 1 }],
  };
}

function ifMissing(field: string, ask: Ask): Step {
  return {
    id: `${ask.id}-known`, name: 'Do we have it?', do: 'branch',
    cases: [{ name: 'No', when: { all: [{ field, is: 'missing' }] }, steps: [ask] }],
  };
}

export function details(p: Operator): Step[] {
  const { retries, answerMs: forMs } = p;
  const questions = {
    email: optional({
      id: 'customer-email', name: 'Their e-mail', answer: 'email', save: 'contact.email', text: p.customerEmail,
      retry: p.retryEmail, retries, forMs,
    }, 'to-customers'),
    phone: optional({
      id: 'customer-phone', name: 'Their phone', answer: 'phone', save: 'contact.phone', text: p.customerPhone,
      retry: p.retryPhone, retries, forMs,
    }, 'to-customers'),
  };
  return (['email', 'phone'] as const).filter((one) => p.details.includes(one))
    .map((one) => ifMissing(`contact.${one}`, questions[one]));
}

export function qualification(p: Operator): Step[] {
  const { retries, answerMs: forMs } = p;
  const then = 'prospect';
  const questions = {
    email: ifMissing('contact.email', optional({
      id: 'email', name: 'Their e-mail', answer: 'email', save: 'contact.email', text: p.prospectEmail, retry: p.retryEmail,
      retries, forMs,
    }, then)),
    company: optional({
      id: 'company', name: 'Their company', answer: 'text', save: 'vars.company', text: p.company, retries, forMs,
    }, then),
    size: optional({
      id: 'size', name: 'Its size', answer: 'choice', save: 'vars.size', text: p.size, retry: p.retryChoice, retries, forMs,
      choices: p.sizes.map((size) => ({ value: size, label: size })),
    }, then),
    need: optional({ id: 'need', name: 'Their need', answer: 'text', save: 'vars.need', text: p.need, retries, forMs }, then),
  };
  return ASKED.filter((one) => p.qualify.includes(one)).map((one) => questions[one]);
}
