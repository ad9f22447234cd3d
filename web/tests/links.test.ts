import { expect, test } from 'vitest';
import { pieces, safeUrl } from '../src/links';

test.each([
  'https://www.voorbeeld.nl/a?b=c#d',
  'http://voorbeeld.nl/',
  'mailto:info@voorbeeld.nl',
  'tel:+31701234567',
])('%s may become a link', (address) => expect(safeUrl(address)).toBe(address));

test.each([
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)',
  ' javascript:alert(1)',
  'java\nscript:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  'vbscript:msgbox(1)',
  'blob:https://voorbeeld.nl/1',
  'file:///etc/passwd',
  '//voorbeeld.nl',
  'geen adres',
  '',
  null,
  undefined,
])('%s never does', (address) => expect(safeUrl(address)).toBeUndefined());

const links = (text: string) => pieces(text).flatMap((piece) => piece.url ?? []);

test('an address ends before the punctuation of its sentence', () => {
  expect(links('Kijk op https://voorbeeld.nl/pad. Of (https://ander.nl/x), toch?')).toEqual([
    'https://voorbeeld.nl/pad',
    'https://ander.nl/x',
  ]);
});

test('a mail address becomes a link to mail', () => {
  expect(pieces('Mail info@voorbeeld.nl.')).toEqual([
    { text: 'Mail ' },
    { text: 'info@voorbeeld.nl', url: 'mailto:info@voorbeeld.nl' },
    { text: '.' },
  ]);
});

test('what looks like code stays text', () => {
  const text = '<a href="javascript:alert(1)">klik</a> javascript:alert(1) data:text/html,x';
  expect(pieces(text)).toEqual([{ text }]);
});

test('words that stand for a link become one, and its address is not shown twice', () => {
  const named = { words: 'Stagemarkt: https://stagemarkt.nl', title: 'Stagemarkt', url: 'https://stagemarkt.nl' };
  expect(pieces('Zie Stagemarkt: https://stagemarkt.nl en verder', [named])).toEqual([
    { text: 'Zie ' },
    { text: 'Stagemarkt', url: 'https://stagemarkt.nl/' },
    { text: ' en verder' },
  ]);
});

test('words that stand for an unsafe address stay text', () => {
  expect(pieces('Bron: Blad (2013)', [{ words: 'Blad', title: 'Blad', url: 'javascript:alert(1)' }])).toEqual([
    { text: 'Bron: Blad (2013)' },
  ]);
});

test('nothing of a text is lost', () => {
  const text = 'a https://x.nl/1,b@c.nl;  tel:112! mailto:d@e.nl https://x.nl/1';
  expect(pieces(text).map((piece) => piece.text).join('')).toBe(text);
});
