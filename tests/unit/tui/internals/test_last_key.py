"""The key that ends the app."""

import gc

from runner.tui.internals.key_order import KeyOrderApp


async def test_a_key_that_ends_the_app_leaves_no_work_that_never_begins(recwarn):
    app = KeyOrderApp()
    async with app.run_test() as pilot:
        await pilot.press("ctrl+q")
    gc.collect()
    assert app.return_code == 0
    assert not [str(seen.message) for seen in recwarn if "never awaited" in str(seen.message)]
