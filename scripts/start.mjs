import { runWithProjectNode } from './bootstrap.mjs';

runWithProjectNode('scripts/start.ts');
