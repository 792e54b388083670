// The whole of our script, module by module. Pages work without it; it makes hands faster.
import "./look.js";
import "./keys.js";
import "./dialogs.js";
import "./toasts.js";
import "./forms.js";
import "./panel.js";
import "./rail.js";
import "./search.js";
