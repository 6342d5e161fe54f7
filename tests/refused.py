"""What a refusal by the command looks like."""


def assert_refused(result: tuple[int, str, str], *fragments: str) -> None:
    """One line on standard error with these fragments, exit code 2, nothing printed."""
    code, out, err = result
    assert code == 2
    assert out == ""
    assert err.startswith("toc: ")
    assert err.count("\n") == 1
    assert err.endswith("\n")
    assert "Traceback" not in err
    assert [fragment for fragment in fragments if fragment not in err] == []
