"""托管中心, 班 and 托位: opened, asked for, waited for, offered, ended."""
