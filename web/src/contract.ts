/** What the website channel sends: docs/website.md describes the routes. */

export interface Session {
  token: string;
  /** Start questions for the topic of the page. */
  questions: string[];
  contact: Contact | null;
  max_characters: number;
}

export interface Contact {
  title: string;
  url: string;
}

export interface Link {
  title: string;
  url: string | null;
}

export interface Source extends Link {
  date: string | null;
}

export interface Choice {
  title: string;
  payload: string;
}

export interface Message {
  text?: string;
  buttons?: Choice[];
}

export interface Exchange {
  id: string;
  /** ISO 8601, UTC. */
  at: string;
  /** What the visitor said, without personal data. */
  text: string;
  messages: Message[];
  kind: 'answer' | 'clarify' | 'fallback' | 'smalltalk';
  sources: Source[];
  source_line: string | null;
  links: Link[];
  feedback: Feedback | null;
  /** Two misses in a row: show the way to a person. */
  offer_contact: boolean;
}

export const REASONS = ['onjuist', 'onduidelijk', 'onvolledig', 'andere_vraag'] as const;
export type Reason = (typeof REASONS)[number];

export interface Feedback {
  useful: boolean;
  reason: Reason | null;
  text?: string | null;
}

/** A message of the visitor that has no reply yet. Its id stays the same over every attempt. */
export interface Pending {
  id: string;
  text: string;
}
