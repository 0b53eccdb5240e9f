import { runWithProjectNode } from './bootstrap.mjs';

runWithProjectNode('build.ts');
