import { render } from 'preact';
import './style.css';
import { learnAbout, listen } from './api.ts';
import { App } from './app.tsx';

listen();
void learnAbout();
render(<App />, document.getElementById('app')!);
