/** Entry of the checkpoint panel's page. */
import { CheckpointApp } from './checkpoint/app.js';
import type { CheckpointPanelEvents, CheckpointPanelRequests } from './messages.js';
import { showPanel } from './shared/page.js';
import { connectToHost } from './shared/vscodeApi.js';

showPanel(new CheckpointApp(connectToHost<CheckpointPanelRequests, CheckpointPanelEvents>()));
