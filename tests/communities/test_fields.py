import pytest
from django import forms

from communities.fields import CodeField, NameField, PhoneField


@pytest.mark.parametrize(
    "typed",
    ["13812346021", " 138 1234 6021 ", "138-1234-6021", "+86 13812346021", "008613812346021", "１３８１２３４６０２１"],
)
def test_a_number_is_read_as_people_type_it(typed: str) -> None:
    assert PhoneField().clean(typed) == "13812346021"


@pytest.mark.parametrize(
    "typed",
    ["", "1381234602", "138123460211", "12812346021", "0352-1234567", "一三八", "1381234602\ufffd", "١٣٨١٢٣٤٦٠٢١"],
)
def test_a_phone_that_is_not_one_gets_a_sentence(typed: str) -> None:
    with pytest.raises(forms.ValidationError):
        PhoneField().clean(typed)


@pytest.mark.parametrize(
    ("typed", "name"),
    [(" 王 秀 兰 ", "王秀兰"), ("阿依古丽•江", "阿依古丽·江"), ("𠮷田", "𠮷田"), ("Anna Maria", "Anna Maria")],
)
def test_a_name_is_tidied(typed: str, name: str) -> None:
    assert NameField().clean(typed) == name


@pytest.mark.parametrize("typed", ["王", "王秀兰1", "<b>王</b>", "王\ufffd\ufffd", "王\x00兰", "王" * 41, "ﷺ" * 40])
def test_a_name_that_is_none_gets_a_sentence(typed: str) -> None:
    with pytest.raises(forms.ValidationError):
        NameField().clean(typed)


def test_a_code_is_six_digits() -> None:
    assert CodeField().clean(" 123 456 ") == "123456"
    for typed in ("12345", "1234567", "12345x", "１２３４５"):
        with pytest.raises(forms.ValidationError, match="6位数字"):
            CodeField().clean(typed)
