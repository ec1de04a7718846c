ALTER TABLE venues_roomphoto ADD CONSTRAINT room_photo_bytes CHECK (octet_length(jpeg) BETWEEN 1 AND 40960);
