/** Entry of the connectivity panel's page. */
import { ConnectivityApp } from './connectivity/app.js';
import type { ConnectivityPanelEvents, ConnectivityPanelRequests } from './connectivity/messages.js';
import { showPanel } from './shared/page.js';
import { connectToHost } from './shared/vscodeApi.js';

showPanel(new ConnectivityApp(connectToHost<ConnectivityPanelRequests, ConnectivityPanelEvents>()));
