/** "Was dit nuttig?" under an answer: Ja or Nee, and after Nee what was wrong. */

import { type Exchange, type Feedback, type Reason, REASONS } from './contract';
import { h } from './dom';
import type { Texts } from './texts';

const REMARK_CHARACTERS = 500;

/** Send feedback on an exchange; rejects when it did not arrive. */
export type Rate = (id: string, feedback: Feedback) => Promise<void>;

/** Return the question, or thanks when it was answered before. `announce` speaks to who can't see. */
export function feedbackQuestion(
  exchange: Exchange,
  texts: Texts,
  rate: Rate,
  announce: (text: string) => void,
): HTMLDivElement {
  const box = h('div', { class: 'feedback' });

  /** Put something else in the box; the focus goes along when it was there, and is never taken from elsewhere. */
  const show = (content: HTMLElement, first: HTMLElement) => {
    const hadFocus = box.contains((box.getRootNode() as ShadowRoot).activeElement);
    box.replaceChildren(content);
    if (hadFocus) first.focus();
  };
  const send = async (feedback: Feedback, next: () => void) => {
    try {
      await rate(exchange.id, feedback);
      next();
    } catch {
      box.querySelector('.problem')?.remove();
      box.append(h('p', { class: 'problem' }, texts.feedbackFailed));
      announce(texts.feedbackFailed);
    }
  };
  const thank = () => {
    const thanks = h('p', { tabindex: '-1' }, texts.thanks);
    show(thanks, thanks);
    announce(texts.thanks);
  };
  const askWhy = () => {
    const form = reasonForm(exchange.id, texts, (reason, text) => send({ useful: false, reason, text }, thank));
    show(form, form.querySelector('input') ?? form);
  };

  if (exchange.feedback) {
    box.append(h('p', {}, texts.thanks));
    return box;
  }
  const yes = h('button', { type: 'button', onclick: () => send({ useful: true, reason: null }, thank) }, texts.yes);
  // "Nee" counts at once; the reason comes in its place when one is given.
  const no = h('button', { type: 'button', onclick: () => send({ useful: false, reason: null }, askWhy) }, texts.no);
  const label = h('span', { id: `useful-${exchange.id}` }, texts.useful);
  box.append(h('div', { class: 'useful', role: 'group', 'aria-labelledby': label.id }, label, yes, no));
  return box;
}

function reasonForm(
  id: string,
  texts: Texts,
  send: (reason: Reason | null, text: string | null) => void,
): HTMLFormElement {
  const reasons = REASONS.map((reason) =>
    h('label', {}, h('input', { type: 'radio', name: `reason-${id}`, value: reason }), texts.reasons[reason]),
  );
  const remark = h('textarea', { rows: '2', maxlength: String(REMARK_CHARACTERS) });
  const onsubmit = (event: Event) => {
    event.preventDefault();
    const chosen = form.querySelector<HTMLInputElement>('input:checked');
    send((chosen?.value as Reason | undefined) ?? null, remark.value.trim() || null);
  };
  const form = h(
    'form',
    { class: 'reasons', onsubmit },
    h('fieldset', {}, h('legend', {}, texts.why), ...reasons),
    h('label', {}, texts.remark, remark),
    h('button', { type: 'submit' }, texts.sendFeedback),
  );
  return form;
}
