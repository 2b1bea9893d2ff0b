import type { Technology } from '../model/technology.ts';
import type { SourceTree } from '../model/tree.ts';
import { core } from './core.ts';
import { knex } from './knex.ts';
import { mongoose } from './mongoose.ts';
import { pg } from './pg.ts';
import { sqlText } from './sql-text.ts';

/** Every technology that is understood: one import and one entry each. */
export const technologies: readonly Technology[] = [core, mongoose, pg, sqlText, knex];

/** The same, and those that have to look at files of the repository to say what a package means. */
export function technologiesFor(_tree: SourceTree): readonly Technology[] {
  return technologies;
}
