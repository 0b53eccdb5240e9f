import { runWithProjectNode } from './bootstrap.mjs';

runWithProjectNode('test/eval/evaluate.ts');
