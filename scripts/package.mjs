import { runWithProjectNode } from './bootstrap.mjs';

runWithProjectNode('package.ts');
