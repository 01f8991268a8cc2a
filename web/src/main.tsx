import './style_nonce';
import './theme/shuke.css';

import { createRoot } from 'react-dom/client';

import { Console } from './console';

const root = document.getElementById('root');
if (root) createRoot(root).render(<Console />);
