// Launcher cards for the notebooks of the workspace. A prebuilt JupyterLab extension written by hand:
// it takes the launcher's token from the modules that JupyterLab shares, so it needs no build of its own.
(() => {
  const CARDS = [
    { path: 'explore.ipynb', label: 'Explore figures', caption: 'Open the explorer of published figures' },
    { path: 'first_steps.ipynb', label: 'First steps', caption: 'Ten minutes with volresearch' },
  ];
  let shared;
  const need = async (name) => {
    const versions = shared[name];
    if (!versions) return {};
    return (await versions[Object.keys(versions)[0]].get())();
  };
  const container = {
    init: async (scope) => { shared = scope; },
    get: async () => {
      const { ILauncher } = await need('@jupyterlab/launcher');
      const plugin = {
        id: 'volresearch:launcher',
        autoStart: true,
        optional: ILauncher ? [ILauncher] : [],
        activate: (app, launcher) => {
          CARDS.forEach(({ path, label, caption }, rank) => {
            const command = `volresearch:${path}`;
            app.commands.addCommand(command, {
              label, caption, iconClass: 'jp-NotebookIcon',
              execute: () => app.commands.execute('docmanager:open', { path }),
            });
            if (launcher) launcher.add({ command, category: 'Volunteering research', rank });
          });
        },
      };
      return () => ({ __esModule: true, default: plugin });
    },
  };
  (window._JUPYTERLAB = window._JUPYTERLAB || {})['volresearch'] = container;
})();
