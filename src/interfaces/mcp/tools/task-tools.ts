import type { UseCases } from '../../../application/use-cases.ts';
import { readTools } from './read-tools.ts';
import type { Tool } from './tool.ts';
import { writeTools } from './write-tools.ts';

/** All tools, in the order in which hosts show them. */
export const taskTools = (use: UseCases): readonly Tool[] => [...readTools(use), ...writeTools(use)];
