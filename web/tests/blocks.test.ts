import { expect, test } from 'vitest';
import { blocks } from '../src/blocks';

test('empty lines part paragraphs', () => {
  expect(blocks('een\ntwee\n\n\n drie')).toEqual([
    { kind: 'paragraph', lines: ['een', 'twee'] },
    { kind: 'paragraph', lines: [' drie'] },
  ]);
});

test('lines with a dash are a list, also right under a line', () => {
  expect(blocks('Kies:\n- werk\n- stage\nVeel plezier')).toEqual([
    { kind: 'paragraph', lines: ['Kies:'] },
    { kind: 'list', lines: ['werk', 'stage'] },
    { kind: 'paragraph', lines: ['Veel plezier'] },
  ]);
});

test('a dash inside a line is no list', () => {
  expect(blocks('mbo - niveau 4\n-5 graden')).toEqual([{ kind: 'paragraph', lines: ['mbo - niveau 4', '-5 graden'] }]);
});

test('nothing gives nothing', () => expect(blocks(' \n\n ')).toEqual([]));
