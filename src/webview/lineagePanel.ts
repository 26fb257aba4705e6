/** Entry of the page that compares rounds. */
import { RoundsApp } from './lineage/app.js';
import type { RoundsPanelEvents, RoundsPanelRequests } from './lineage/messages.js';
import { showPanel } from './shared/page.js';
import { connectToHost } from './shared/vscodeApi.js';

showPanel(new RoundsApp(connectToHost<RoundsPanelRequests, RoundsPanelEvents>()));
