/** Entry of the diff panel's page. */
import { DiffApp } from './diff/app.js';
import type { DiffPanelEvents, DiffPanelRequests } from './messages.js';
import { showPanel } from './shared/page.js';
import { connectToHost } from './shared/vscodeApi.js';

showPanel(new DiffApp(connectToHost<DiffPanelRequests, DiffPanelEvents>()));
