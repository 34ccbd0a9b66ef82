/** The look of the page around a diagram. */
export const PAGE_STYLE = `
* { box-sizing: border-box; }
body { margin: 0; height: 100vh; display: flex; flex-direction: column; font: 14px/1.4 system-ui, sans-serif; color: #1f2933; background: #f5f7fa; }
header { display: flex; gap: 14px; align-items: center; padding: 8px 14px; background: #fff; border-bottom: 1px solid #d9e2ec; }
h1 { font-size: 15px; margin: 0; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
.counts { color: #627d98; white-space: nowrap; }
input { flex: 1; min-width: 80px; max-width: 420px; margin-left: auto; padding: 5px 9px; font: inherit; border: 1px solid #bcccdc; border-radius: 4px; }
button { font: inherit; min-width: 30px; padding: 4px 8px; border: 1px solid #bcccdc; background: #fff; border-radius: 4px; cursor: pointer; }
.buttons { white-space: nowrap; }
main { flex: 1; min-height: 0; overflow: hidden; cursor: grab; touch-action: none; }
main.moving { cursor: grabbing; }
main > svg { display: block; width: 100%; height: 100%; }
.entity { cursor: pointer; }
.matrx .chosen .box { stroke: #d64545; stroke-width: 2.5; }
.matrx .link.near { stroke: #d64545; stroke-width: 2; opacity: 1; }
#found { position: absolute; top: 46px; right: 120px; width: 420px; max-height: 60vh; overflow: auto; margin: 0; padding: 4px 0; list-style: none; background: #fff; border: 1px solid #bcccdc; border-radius: 4px; box-shadow: 0 6px 24px #0002; z-index: 2; }
#found li { padding: 4px 12px; cursor: pointer; }
#found li:hover, #found li.on { background: #e4edf7; }
#found small, #panel small { color: #627d98; }
#panel { position: absolute; right: 0; top: 47px; bottom: 0; width: min(440px, 90vw); overflow: auto; padding: 14px 18px; background: #fff; border-left: 1px solid #bcccdc; box-shadow: -6px 0 24px #0001; }
#panel h2 { font-size: 16px; margin: 0 30px 4px 0; overflow-wrap: anywhere; }
#panel h3 { font-size: 13px; margin: 16px 0 4px; color: #486581; }
#panel table { width: 100%; border-collapse: collapse; }
#panel td:last-child { white-space: nowrap; color: #627d98; }
#panel td { padding: 3px 6px 3px 0; border-top: 1px solid #e4e7eb; vertical-align: top; overflow-wrap: anywhere; }
#panel a { color: #2b6cb0; cursor: pointer; text-decoration: none; }
#panel .close { position: absolute; top: 10px; right: 12px; }
`;
