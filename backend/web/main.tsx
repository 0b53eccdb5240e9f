import { render } from 'preact';
import { App } from './app.tsx';
import './theme.css';
import './style.css';

const root = document.getElementById('inbox');
if (root !== null) render(<App />, root);
