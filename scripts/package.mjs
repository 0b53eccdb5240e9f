import { runWithProjectNode } from './bootstrap.mjs';

runWithProjectNode('scripts/package.ts');
