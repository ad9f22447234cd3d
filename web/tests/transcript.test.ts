import { expect, test } from 'vitest';
import type { Exchange } from '../src/contract';
import { LANGUAGES } from '../src/texts';
import { transcript } from '../src/transcript';

const EXCHANGE: Exchange = {
  id: '1',
  at: '2026-11-25T10:00:00Z',
  text: 'Waar vind ik een stage?',
  messages: [{ text: 'Kijk op de site.' }, { text: 'Of vraag het.', buttons: [{ title: 'Ja', payload: 'Ja' }] }],
  kind: 'answer',
  sources: [],
  source_line: 'Bron: blad (2013).',
  links: [],
  feedback: null,
  offer_contact: false,
};

test('who said what, with the sources', () => {
  expect(transcript([EXCHANGE], LANGUAGES.nl, 'Assistent', '25 november 2026')).toBe(
    'Assistent, 25 november 2026\n\nJij:\nWaar vind ik een stage?\n\n' +
      'Assistent:\nKijk op de site.\n\nOf vraag het.\n\nBron: blad (2013).\n',
  );
});
