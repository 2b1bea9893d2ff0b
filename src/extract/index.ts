import type { Technology } from '../model/technology.ts';
import { core } from './core.ts';
import { mongoose } from './mongoose.ts';

/** Every technology that is understood: one import and one entry each. */
export const technologies: readonly Technology[] = [core, mongoose];
