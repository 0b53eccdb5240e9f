import { runWithProjectNode } from './bootstrap.mjs';

runWithProjectNode('scripts/build.ts');
