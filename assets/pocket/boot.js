// Draws the screens: Flutter's client, told where its parts lie. Python is begun by python.js, beside it.
"use strict";

// Read by the client.
var flet = {
  pyodide: true,
  multiView: false,
  noCdn: true,
  webSocketEndpoint: "",
  entrypointBaseUrl: "",
  assetBase: "",
  routeUrlStrategy: "hash",
  canvasKitBaseUrl: "canvaskit/",
  webRenderer: "canvaskit",
  fontFallbackBaseUrl: "assets/fonts/",
};
flet.flutterAppLoaded = new Promise((resolve) => { flet.flutterAppResolve = resolve; });

(function draw() {
  const place = new URL("./", document.baseURI).pathname;
  Object.assign(flet, { entrypointBaseUrl: place, assetBase: place, canvasKitBaseUrl: `${place}canvaskit/` });
  const config = {
    multiViewEnabled: false,
    entrypointBaseUrl: place,
    assetBase: place,
    renderer: "canvaskit",
    canvasKitBaseUrl: flet.canvasKitBaseUrl,
    // One drawing engine for every browser, so that one file is kept.
    canvasKitVariant: "full",
    fontFallbackBaseUrl: `${place}assets/fonts/`,
  };
  const loader = document.createElement("script");
  loader.src = "flutter.js";
  loader.onload = () => {
    _flutter.buildConfig = FLUTTER_BUILD;
    _flutter.loader.load({
      config,
      onEntrypointLoaded: async (starter) => {
        const engine = await starter.initializeEngine(config);
        flet.flutterApp = await engine.runApp();
        flet.flutterAppResolve(flet.flutterApp);
      },
    });
  };
  document.body.append(loader);
})();
