"""The app in another language."""

import pytest

from runner import language
from runner.tui.widgets.launcher import Launcher


@pytest.fixture(autouse=True)
def spanish():
    language.use("es")
    yield
    language.use("")


async def test_the_app_speaks_spanish(sit_down):
    """Its lists, keys, checks, help and palette; what a lesson says is the lesson's own."""
    async with sit_down() as learner:
        await learner.sees("0 de 2 laboratorios · 0 de 4 comprobaciones", "3 min · nuevo", "Aprenderás a:")
        await learner.sees("Intro Abrir", "q Salir")
        await learner.press("enter")
        await learner.sees("Paso 1 de 2", "comprobaciones 0/2", "l Lanzar", "tu shell")
        await learner.press("h")
        await learner.sees("pista 1 de 2", "h muestra la última")
        await learner.press("question_mark")
        await learner.sees("En un laboratorio", "Muestra una pista más", "Esc cierra")
        await learner.press("escape", "ctrl+p")
        await learner.sees("Busca una orden")
        await learner.press(*"pista")
        await learner.sees("Pista (h)")
        await learner.press(*"xyzzy")
        await learner.sees("No se encontró nada")


async def test_the_sandbox_speaks_spanish(sit_down):
    async with sit_down() as learner:
        await learner.press("b")
        await learner.sees("tu shell")
        launcher = learner.screen.query_one(Launcher)
        launcher.show_container("box1", launcher.wish, "ended")
        await learner.sees("terminado")
