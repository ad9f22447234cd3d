import { expect, test } from 'vitest';
import { REASONS } from '../src/contract';
import { language, LANGUAGES } from '../src/texts';

const { nl, en } = LANGUAGES;

test.each([
  ['en', 'en'],
  ['EN-gb', 'en'],
  ['nl-BE', 'nl'],
  ['fr', 'nl'],
  ['toString', 'nl'],
  [null, 'nl'],
] as const)('a page in %s gets %s', (asked, given) => expect(language(asked)).toBe(given));

test('nothing is left in Dutch in English', () => {
  const same = Object.keys(nl).filter((key) => {
    const [dutch, english] = [nl, en].map((texts) => texts[key as keyof typeof nl]);
    return typeof dutch === 'string' && dutch === english;
  });
  expect(same).toEqual(['menu']);
});

test('every reason has words', () => {
  for (const texts of [nl, en]) expect(REASONS.map((reason) => texts.reasons[reason]).every(Boolean)).toBe(true);
});

test('one is not many', () => {
  expect(nl.unread(1)).toBe('1 nieuw bericht');
  expect(nl.unread(2)).toBe('2 nieuwe berichten');
  expect(nl.left(1)).toBe('Nog 1 teken');
});

test('Dutch sentences are short enough for B1', () => {
  const sentences = Object.values(nl)
    .filter((text) => typeof text === 'string')
    .flatMap((text) => text.split(/[.?!:]\s/));
  expect(sentences.filter((sentence) => sentence.split(/\s+/).length > 15)).toEqual([]);
});
