import { expect, test } from 'vitest';
import { type Name, readOptions } from '../src/options';

const read = (given: Partial<Record<Name, string>>) => readOptions((name) => given[name] ?? null, 'https://assistent.nl');

test('a bare script tag is enough', () => {
  expect(read({})).toEqual({
    server: 'https://assistent.nl',
    title: null,
    position: 'right',
    theme: null,
    topic: null,
    questions: [],
    lang: 'nl',
  });
});

test('start questions are parted by a bar', () => {
  expect(read({ questions: 'Waar? | Wanneer?||' }).questions).toEqual(['Waar?', 'Wanneer?']);
});

test('a slash after the server does no harm', () => {
  expect(read({ server: 'https://ander.nl/' }).server).toBe('https://ander.nl');
});

test('what is not known counts as not said', () => {
  expect(read({ position: 'top', theme: 'pink', lang: 'xx' })).toMatchObject({ position: 'right', theme: null, lang: 'nl' });
});
