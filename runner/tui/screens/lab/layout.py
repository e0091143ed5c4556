"""The layout of a session on screens of any size."""

CSS = """
SessionScreen {
    layout: vertical;
    layers: default above;
    #title {
        height: 1;
        padding: 0 1;
        background: $panel;
        color: $foreground;
        text-wrap: nowrap;
        text-overflow: ellipsis;
    }
    #body { height: 1fr; layout: horizontal; }
    #reading { width: 1fr; height: 1fr; }
    #lesson { height: 1fr; min-height: 3; }
    #beside { width: 1.1fr; height: 1fr; border-left: solid $border-blurred; }
    #beside:focus-within { border-left: solid $primary; }
    #watch { display: none; height: 1fr; border-top: solid $border-blurred; }
    #watch:focus-within { border-top: solid $primary; }
    &.-watching #watch { display: block; }
    #overlay, #overlay.-said { display: none; dock: bottom; layer: above; }
    /* Where there are terminals alone. */
    &.-full #overlay.-said, &.-tiny #overlay.-said { display: block; }
    &.-tiny #banner { display: none; }
    /* Within the calls, where these have the place of the lesson: the terminal keeps its size. */
    #below, #below.-said { display: none; dock: bottom; max-height: 60%; }
    &.-narrow.-watching #below.-said { display: block; }
    &.-narrow.-watching.-full #below.-said, &.-narrow.-watching.-tiny #below.-said { display: none; }
    /* First the 80 columns of a terminal, with its border and padding; then as many as a lesson reads well with. */
    &.-roomy #beside { width: 82; }
    &.-vast #reading { width: 92; }
    &.-narrow {
        #body { layout: vertical; }
        #reading { width: 100%; }
        #lesson { padding: 0 1; }
        #checks { max-height: 40%; }
        #beside { width: 100%; border-left: none; border-top: solid $border-blurred; }
        #beside:focus-within { border-left: none; border-top: solid $primary; }
        Tabs { height: 1; }
        #terminals Tab.-active { text-style: bold underline; }
    }
    /* Of few lines, a check's name and the advice on it take three. */
    &.-narrow.-short #reading { height: 55%; }
    /* There is room for two. */
    &.-narrow.-watching #reading { display: none; }
    &.-vast.-watching.-full #beside { layout: horizontal; }
    &.-full {
        #reading { display: none; }
        #beside, #beside:focus-within { border: none; }
    }
    &.-tiny {
        #title, KeyBar, Checks, Tabs { display: none; }
        &.-narrow #beside, &.-narrow #beside:focus-within { border-top: none; }
    }
}
"""
