import { render } from 'preact';
import { App } from './app.tsx';
import { t } from './text/text.ts';
import './theme.css';
import './style.css';
import './request.css';
import './pages.css';

const root = document.getElementById('inbox');
document.documentElement.lang = t.lang;
document.title = t.title;
if (root !== null) render(<App />, root);
